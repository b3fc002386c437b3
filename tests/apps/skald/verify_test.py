from program import ProgramTest, open_account, transfer_money


class Verify(ProgramTest):
    def test_what_a_store_holds_is_counted(self):
        self.run_lines([open_account("A-1", 1000), open_account("A-2", 0),
                        transfer_money("T-1", "A-1", "A-2", 300),
                        transfer_money("T-2", "A-1", "A-2", 5000)])
        report = self.assert_intact()
        self.assertEqual((report["aggregates"], report["sagas"], report["sagas_completed"],
                          report["sagas_compensated"], report["sum_of_balances"]),
                         (4, 2, 1, 1, 1000))
        shown = self.json_lines_of("list", "account") + self.json_lines_of("list", "transfer")
        self.assertEqual(report["events"], sum(line["sequence"] for line in shown))
        self.assertIn("The store is intact", self.succeed("verify"))

    def test_nothing_goes_on_while_a_store_is_verified(self):
        self.run_lines([open_account("A-1", 1000), open_account("A-2", 0)])
        child = self.start_run()
        child.stdin.write(b'{"type":"transfer","id":"T-1","command":"TransferMoney","wait":false,'
                          b'"data":{"from":"A-1","to":"A-2","amount":1}}\n')
        child.stdin.flush()
        child.stdout.readline()
        child.kill()
        child.wait()
        first = self.assert_intact()
        self.assertEqual(self.assert_intact(), first)
