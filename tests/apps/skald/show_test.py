from program import ProgramTest, open_account, transfer_money


class Show(ProgramTest):
    def setUp(self):
        super().setUp()
        self.run_lines([open_account("A-1", 1000), open_account("A-2", 0)])
        self.run_lines([transfer_money("T-1", "A-1", "A-2", 300, message_id="m-1")])
        self.run_lines([transfer_money("T-2", "A-1", "A-2", 5000),
                        {"type": "account", "id": "A-2", "command": "CloseAccount"}])

    def test_an_aggregate_is_one_object(self):
        shown = self.json_of("show", "account", "A-2")
        self.assertEqual({key: shown[key] for key in
                          ("type", "id", "status", "version", "in_saga", "deleted")},
                         {"type": "account", "id": "A-2", "status": "open",
                          "version": shown["sequence"], "in_saga": [], "deleted": False})
        self.assertEqual((shown["state"]["balance"], shown["state"]["pending"]), (300, 0))
        self.assertNotIn("history", shown)

    def test_a_person_sees_money_with_its_decimals(self):
        text = self.succeed("show", "account", "A-2")
        self.assertRegex(text, r"^account A-2\n")
        self.assertRegex(text, r"balance +3\.00\n")
        self.assertRegex(text, r"in saga +none\n")

    def test_the_past_is_shown_by_sequence(self):
        shown = self.json_of("show", "account", "A-1", "--at-sequence", 1)
        self.assertEqual((shown["sequence"], shown["state"]["balance"]), (1, 1000))
        shown = self.json_of("show", "account", "A-2", "--at-sequence", 2)
        self.assertEqual((shown["sequence"], shown["state"]["pending"], shown["in_saga"]),
                         (2, 300, ["T-1"]))

    def test_the_past_is_shown_by_time(self):
        history = self.json_of("show", "account", "A-1", "--history")["history"]
        opened, withdrawn = history[0]["time"], history[1]["time"]
        shown = self.json_of("show", "account", "A-1", "--at-time", opened)
        self.assertEqual(shown["state"]["balance"], 1000)
        shown = self.json_of("show", "account", "A-1", "--at-time", withdrawn)
        self.assertEqual((shown["state"]["balance"], shown["state"]["outgoing"]), (700, 300))
        self.assertIn("there was no account A-1",
                      self.fail_with(1, "show", "account", "A-1",
                                     "--at-time", "2020-01-01T00:00:00Z"))

    def test_history_says_who_changed_what_and_why(self):
        history = self.json_of("show", "account", "A-1", "--history")["history"]
        self.assertEqual([turn["turn"] for turn in history], list(range(1, len(history) + 1)))
        opened, paid = history[0], history[1]
        self.assertEqual(opened["input"]["type"], "OpenAccount")
        self.assertTrue(opened["input"]["by"])
        self.assertEqual(opened["events"], [{"sequence": 1, "type": "AccountOpened",
                                             "schema_version": 1,
                                             "data": {"opening_balance": 1000}}])
        self.assertEqual((paid["input"]["type"], paid["input"]["source"],
                          paid["input"]["correlation_id"], paid["input"]["step"]),
                         ("Withdraw", "transfer/T-1", "T-1", "withdraw"))
        self.assertRegex(paid["input"]["causation_id"], "^[0-9a-f]{32}$")
        failed = [turn for turn in history if not turn["input"]["accepted"]]
        self.assertEqual([turn["input"]["reason"] for turn in failed], ["insufficient funds"])
        transfer = self.json_of("show", "transfer", "T-1", "--history")["history"]
        self.assertEqual(transfer[0]["saga_change"], "started")
        self.assertEqual(transfer[0]["dispatches"][0]["to"], "account/A-2")
        self.assertEqual(transfer[0]["deadlines"][0]["name"], "saga")
        self.assertEqual({turn["input"]["kind"] for turn in transfer}, {"command", "outcome"})

    def test_history_has_refused_commands_too(self):
        history = self.json_of("show", "account", "A-2", "--history")["history"]
        refused = [turn for turn in history if turn["input"]["type"] == "CloseAccount"]
        self.assertEqual([(turn["input"]["accepted"], turn["events"]) for turn in refused],
                         [(False, [])])
        text = self.succeed("show", "account", "A-2", "--history")
        self.assertIn("CloseAccount from", text)
        self.assertIn("rejected: the balance is 3.00, not zero", text)
        self.assertRegex(text, r"event 2: Deposited +amount 3\.00, from A-1")

    def test_a_deleted_aggregate_can_be_told_from_one_that_never_was(self):
        self.run_lines([open_account("A-3", 0),
                        {"type": "account", "id": "A-3", "command": "CloseAccount"}])
        shown = self.json_of("show", "account", "A-3")
        self.assertEqual((shown["deleted"], shown["status"]), (True, "closed"))
        self.assertIn("there is no account A-9", self.fail_with(1, "show", "account", "A-9"))

    def test_an_aggregate_that_only_refused_never_was_but_has_a_history(self):
        self.run_lines([{"type": "account", "id": "A-8", "command": "CloseAccount"}])
        self.assertIn("there is no account A-8", self.fail_with(1, "show", "account", "A-8"))
        history = self.json_of("show", "account", "A-8", "--history")["history"]
        self.assertEqual(history[0]["input"]["reason"], "no such account")

    def test_what_is_not_there_is_refused(self):
        self.assertIn("has no sequence 99",
                      self.fail_with(1, "show", "transfer", "T-1", "--at-sequence", 99))
        self.assertIn("there is no aggregate type 'planet'",
                      self.fail_with(1, "show", "planet", "x"))
        self.assertIn("not valid", self.fail_with(1, "show", "account", ""))
        text = self.fail_with(1, "show", "account", "\x1b[31m")
        self.assertNotIn("\x1b", text)
