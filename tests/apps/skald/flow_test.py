import xml.dom.minidom

from program import ProgramTest, open_account, transfer_money


class Flow(ProgramTest):
    def run_transfers(self):
        self.run_lines([open_account("A-1", 1000), open_account("A-2", 0)])
        self.run_lines([transfer_money("T-1", "A-1", "A-2", 300)])
        self.run_lines([transfer_money("T-2", "A-1", "A-2", 5000)])
        by_handlers = transfer_money("T-3", "A-1", "A-2", 100)
        by_handlers["data"]["style"] = "choreographed"
        self.run_lines([by_handlers])

    def flow_of(self, saga):
        flow, = self.json_lines_of("flow", saga)
        flow["by_ends"] = {(link["from"]["name"], link["to"]["name"]): link
                           for link in flow["links"]}
        return flow

    def test_what_is_declared_is_shown_before_anything_has_run(self):
        flow = self.flow_of("transfer money")
        self.assertEqual((flow["type"], flow["started"]), ("transfer", 0))
        link = flow["by_ends"]["TransferCreated", "Deposit"]
        self.assertEqual((link["via"], link["declared"], link["observed"]),
                         ("step 'deposit'", True, 0))
        self.assertIn(("Deposited", "Withdraw"), flow["by_ends"])
        self.assertIn("transfer: TransferCreated -> account: Deposit (step 'deposit')",
                      flow["never_seen"])

    def test_what_was_observed_is_counted(self):
        self.run_transfers()
        flow = self.flow_of("transfer money")
        self.assertEqual((flow["started"], flow["completed"], flow["compensated"]), (2, 1, 1))
        links = flow["by_ends"]
        self.assertEqual(links["TransferCreated", "Deposit"]["observed"], 2)
        self.assertEqual(links["CancelTransfer", "CancelDeposit"]["observed"], 1)
        self.assertEqual(links["Withdraw", "WithdrawFailed"]["meaning"], "failure")
        self.assertEqual(flow["undeclared"], [])
        self.assertIn("account: Deposit -> account: DepositFailed", flow["never_seen"])

    def test_what_a_saga_does_when_its_deadline_has_passed_is_counted(self):
        self.run_lines([open_account("A-1", 1000), open_account("A-2", 0)])
        late = transfer_money("T-1", "A-1", "A-2", 100)
        late["data"]["deadline_ms"] = 1
        outcome, = self.run_lines([late])
        flow = self.flow_of("transfer money")
        expected = 1 if outcome["outcome"] == "rejected" else 0
        canceled = flow["by_ends"].get(("CancelTransfer", "TransferCanceled"), {"observed": 0})
        self.assertEqual(canceled["observed"], expected)

    def test_a_saga_that_handlers_carry_shows_them(self):
        self.run_transfers()
        flow = self.flow_of("transfer coordinator")
        self.assertEqual((flow["started"], flow["completed"]), (1, 1))
        link = flow["by_ends"]["Deposited", "Withdraw"]
        self.assertEqual((link["via"], link["observed"]), ("the withdraw handler", 1))
        self.assertEqual(flow["by_ends"]["TransferCompleted", "ConfirmDeposit"]["meaning"],
                         "confirm")

    def test_a_person_sees_the_differences(self):
        self.run_transfers()
        text = self.succeed("flow", "transfer money")
        self.assertIn("2 started, 1 completed, 1 compensated", text)
        self.assertIn("declared, but never observed:\n", text)

    def test_pictures_are_svg_and_mermaid(self):
        self.run_transfers()
        picture = xml.dom.minidom.parseString(self.succeed("flow", "--all", "--format", "svg"))
        texts = [each.firstChild.data for each in picture.getElementsByTagName("text")]
        for expected in ("transfer money", "transfer coordinator", "Deposit", "CancelDeposit"):
            self.assertIn(expected, texts)
        self.assertTrue(self.succeed("flow", "transfer money", "--format", "mermaid")
                        .startswith("flowchart LR\n"))

    def test_an_unknown_saga_is_refused_and_those_there_are_are_named(self):
        self.assertIn("'transfer money'", self.fail_with(1, "flow", "fly to the moon"))
