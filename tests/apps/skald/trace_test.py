import xml.dom.minidom

from program import ProgramTest, open_account, transfer_money

NASTY = 'T;"<script>&]]> #35; %% end'


class Trace(ProgramTest):
    def setUp(self):
        super().setUp()
        self.run_lines([open_account("A-1", 100000), open_account("A-2", 0)])

    def transfer(self, transfer="T-1", amount=30000, **more):
        outcome = self.run_lines([transfer_money(transfer, "A-1", "A-2", amount)])
        return outcome[0]["outcome"]

    def choreographed(self, transfer, amount):
        command = transfer_money(transfer, "A-1", "A-2", amount)
        command["data"]["style"] = "choreographed"
        return self.run_lines([command])[0]["outcome"]

    def lines_of(self, transfer):
        return self.succeed("trace", transfer).splitlines()

    def assert_in_order(self, parts, text):
        at = 0
        for part in parts:
            found = text.find(part, at)
            self.assertGreaterEqual(found, 0, f"{part!r} is not behind what stands before:\n{text}")
            at = found + len(part)

    def test_a_transaction_is_a_story_over_all_participants(self):
        self.transfer()
        text = self.succeed("trace", "T-1")
        self.assertIn("of 3 participants", text)
        self.assert_in_order(
            ["Transaction T-1", "transfer/T-1 is completed", "transfer/T-1 is asked by",
             "records TransferCreated", "begins the saga 'transfer money'",
             "sets the deadline 'saga' in 5.00 s", "asks account/A-2 to Deposit",
             "account/A-2 is asked by transfer/T-1 to Deposit", "records Deposited  amount 300.00",
             "transfer/T-1 learns that account/A-2 has done step 'deposit'",
             "asks account/A-1 to Withdraw", "records Withdrawn",
             "confirms step 'deposit': tells account/A-2 to ConfirmDeposit", "is completed"], text)

    def test_a_compensation_says_what_failed_and_what_was_undone(self):
        self.assertEqual(self.transfer(amount=5000000), "rejected")
        self.assert_in_order(
            ["transfer/T-1 is compensated", "asks account/A-1 to Withdraw",
             "records WithdrawFailed", "refuses: insufficient funds",
             "learns of step 'withdraw' that account/A-1 refuses: insufficient funds",
             "begins to compensate",
             "compensates step 'deposit': tells account/A-2 to CancelDeposit",
             "account/A-2 is told by transfer/T-1 to undo step 'deposit': CancelDeposit",
             "learns that account/A-2 has undone step 'deposit'", "is compensated: all is undone"],
            self.succeed("trace", "T-1"))

    def test_what_a_turn_caused_stands_further_to_the_right(self):
        self.transfer()
        entries = self.json_of("trace", "T-1")["entries"]
        by_position = {each["position"]: each for each in entries}
        for each in entries:
            kind = each["input"]["kind"]
            cause = by_position.get(each["caused_by"])
            if kind == "command" and cause:
                self.assertEqual(each["depth"], cause["depth"] + 1)
                self.assertIn(each["input"]["message_id"],
                              [sent["message_id"] for sent in cause["dispatches"]])
            elif kind == "outcome":
                self.assertEqual(each["depth"], 0)
                self.assertEqual(cause["input"]["message_id"], each["input"]["message_id"])
        self.assertEqual(entries[0]["caused_by"], None)
        columns = [line.index("account/A-2 is asked") for line in self.lines_of("T-1")
                   if "account/A-2 is asked" in line]
        hosts = [line.index("transfer/T-1 is asked") for line in self.lines_of("T-1")
                 if "transfer/T-1 is asked" in line]
        self.assertGreater(columns[0], hosts[0])

    def test_a_choreography_names_the_handlers_and_what_they_reacted_to(self):
        self.assertEqual(self.choreographed("T-2", 12000), "accepted")
        text = self.succeed("trace", "T-2")
        self.assertIn("account/A-2 is asked by the deposit handler to Deposit", text)
        self.assertIn("account/A-1 is asked by the withdraw handler to Withdraw", text)
        entries = self.json_of("trace", "T-2")["entries"]
        withdraw = [each for each in entries if each["input"]["type"] == "Withdraw"][0]
        deposit = [each for each in entries if each["input"]["type"] == "Deposit"][0]
        self.assertEqual(withdraw["caused_by"], deposit["position"])
        self.assertEqual(withdraw["depth"], deposit["depth"] + 1)

    def test_json_is_one_object_with_all_that_history_has(self):
        self.transfer()
        traced = self.json_of("trace", "T-1")
        self.assertEqual(traced, self.json_of("trace", "T-1", "--format", "json"))
        self.assertEqual(traced["correlation"], "T-1")
        self.assertEqual({each["stream"] for each in traced["entries"]},
                         {"transfer/T-1", "account/A-1", "account/A-2"})
        positions = [each["position"] for each in traced["entries"]]
        self.assertEqual(positions, sorted(positions))
        history = self.json_of("show", "transfer", "T-1", "--history")["history"]
        own = [each for each in traced["entries"] if each["stream"] == "transfer/T-1"]
        for entry, turn in zip(own, history, strict=True):
            self.assertEqual({key: entry[key] for key in turn}, turn)

    def test_a_picture_is_svg_with_a_lifeline_for_everybody(self):
        self.transfer(amount=5000000)
        picture = xml.dom.minidom.parseString(self.succeed("trace", "T-1", "--format", "svg"))
        texts = ["".join(part.data for part in each.childNodes)
                 for each in picture.getElementsByTagName("text")]
        for expected in ("transfer/T-1", "account/A-1", "account/A-2", "Deposit", "CancelDeposit",
                         "refused: insufficient funds", "is compensated: all is undone"):
            self.assertIn(expected, texts)

    def test_mermaid_text_is_a_sequence_diagram(self):
        self.transfer()
        lines = self.succeed("trace", "T-1", "--format", "mermaid").splitlines()
        self.assertEqual(lines[0], "sequenceDiagram")
        self.assertIn("  participant p1 as transfer/T-1", lines)
        self.assertIn("  p1->>p2: Deposit", lines)
        self.assertIn("  p2-->>p1: Deposited 300.00", lines)

    def test_no_id_can_break_a_picture(self):
        self.assertEqual(self.transfer(NASTY), "accepted")
        picture = xml.dom.minidom.parseString(self.succeed("trace", NASTY, "--format", "svg"))
        headings = [each.firstChild.data for each in picture.getElementsByTagName("text")]
        self.assertIn("transfer/" + NASTY, headings)
        mermaid = self.succeed("trace", NASTY, "--format", "mermaid")
        for character in ('"', "<s", "&", ";\"", "%%", "]"):
            self.assertNotIn(character, mermaid)

    def test_a_transaction_that_a_client_named_is_found(self):
        self.run_lines([{"type": "account", "id": "A-9", "command": "OpenAccount",
                         "data": {"opening_balance": 5}, "correlation_id": "monday"}])
        entries = self.json_of("trace", "monday")["entries"]
        self.assertEqual([each["stream"] for each in entries], ["account/A-9"])

    def test_an_unknown_transaction_is_an_error(self):
        self.assertIn("there is no transaction T-9", self.fail_with(1, "trace", "T-9"))
        self.assertNotIn("\x1b", self.fail_with(1, "trace", "\x1b[31m"))
        self.assertIn("format", self.fail_with(2, "trace", "T-1", "--format", "gif"))
