from program import ProgramTest, open_account, transfer_money


class Sagas(ProgramTest):
    def setUp(self):
        super().setUp()
        self.run_lines([open_account("A-1", 1000), open_account("A-2", 0)])
        self.run_lines([transfer_money("T-1", "A-1", "A-2", 300)])
        self.run_lines([transfer_money("T-2", "A-1", "A-2", 5000)])

    def test_each_saga_is_a_line(self):
        first, second = self.json_lines_of("sagas")
        self.assertEqual((first["type"], first["id"], first["saga"], first["phase"], first["open"]),
                         ("transfer", "T-1", "transfer money", "completed", False))
        self.assertEqual([(step["name"], step["status"]) for step in first["steps"]],
                         [("deposit", "confirmed"), ("withdraw", "confirmed")])
        self.assertEqual(first["took_effect"], ["deposit", "withdraw"])
        self.assertEqual((second["id"], second["phase"], second["took_effect"], second["reason"]),
                         ("T-2", "compensated", [], "insufficient funds"))
        self.assertEqual([(step["name"], step["status"]) for step in second["steps"]],
                         [("deposit", "compensated"), ("withdraw", "failed")])
        text = self.succeed("sagas")
        self.assertRegex(text, r"transfer/T-2 +transfer money +compensated .*insufficient funds")

    def test_what_has_ended_is_neither_open_nor_stuck_nor_parked(self):
        for filtered in ("--open", "--stuck", "--parked"):
            self.assertEqual(self.json_lines_of("sagas", filtered), [])

    def test_the_list_can_be_cut(self):
        self.assertEqual(len(self.json_lines_of("sagas", "--limit", 1)), 1)
        self.assertEqual(self.json_lines_of("sagas", "--older-than", "1d"), [])

    def test_wrong_calls_are_refused(self):
        self.assertIn("not a duration", self.fail_with(2, "sagas", "--older-than", "soon"))
        self.assertIn("excludes", self.fail_with(2, "sagas", "--open", "--parked"))


class Operator(ProgramTest):
    VERBS = ("cancel", "terminate", "retry", "skip", "resolve")

    def setUp(self):
        super().setUp()
        self.run_lines([open_account("A-1", 1000), open_account("A-2", 0)])
        self.run_lines([transfer_money("T-1", "A-1", "A-2", 300)])

    def test_a_reason_is_required(self):
        for verb in self.VERBS:
            with self.subTest(verb=verb):
                self.assertIn("reason", self.fail_with(2, verb, "T-1"))
                self.assertIn("reason", self.fail_with(2, verb, "T-1", "--reason", ""))

    def test_a_saga_that_has_ended_is_left_alone(self):
        before = self.json_of("show", "transfer", "T-1", "--history")
        for verb in self.VERBS:
            with self.subTest(verb=verb):
                self.assertIn("transfer/T-1 has ended: it is completed",
                              self.fail_with(1, verb, "T-1", "--reason", "why not"))
        self.assertEqual(self.json_of("show", "transfer", "T-1", "--history"), before)

    def test_what_never_was_is_refused(self):
        for verb in self.VERBS:
            with self.subTest(verb=verb):
                self.assertIn("there is no saga of T-9",
                              self.fail_with(1, verb, "T-9", "--reason", "why not"))
        self.assertIn("no aggregate type 'planet'",
                      self.fail_with(1, "cancel", "T-1", "--type", "planet", "--reason", "why"))
        self.assertIn("there is no saga of A-1",
                      self.fail_with(1, "cancel", "A-1", "--reason", "why not"))
