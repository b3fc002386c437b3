from program import ProgramTest, open_account, transfer_money


class List(ProgramTest):
    def setUp(self):
        super().setUp()
        self.run_lines([open_account("A-1", 1000), open_account("A-2", 0), open_account("A-3", 0),
                        {"type": "account", "id": "A-3", "command": "CloseAccount"},
                        {"type": "account", "id": "A-4", "command": "CloseAccount"},
                        transfer_money("T-1", "A-1", "A-2", 300),
                        transfer_money("T-2", "A-1", "A-2", 5000)])

    def ids(self, *arguments):
        return [line["id"] for line in self.json_lines_of("list", *arguments)]

    def test_every_aggregate_of_a_type_is_listed_as_show_prints_it(self):
        listed = self.json_lines_of("list", "account")
        self.assertEqual([line["id"] for line in listed], ["A-1", "A-2", "A-3"])
        self.assertEqual(listed[0], self.json_of("show", "account", "A-1"))

    def test_a_status_selects(self):
        self.assertEqual(self.ids("account", "--status", "closed"), ["A-3"])
        self.assertEqual(self.ids("transfer", "--status", "completed"), ["T-1"])
        self.assertEqual(self.ids("transfer", "--status", "failed"), ["T-2"])
        self.assertEqual(self.ids("transfer", "--status", "cancelled"), ["T-2"])
        self.assertEqual(self.ids("transfer", "--status", "open"), [])

    def test_a_transfer_that_was_left_unfinished_goes_on_and_is_listed_as_it_ends(self):
        child = self.start_run()
        # A transfer that is not waited for is answered at once, and the kill leaves it unfinished.
        child.stdin.write(b'{"type":"transfer","id":"T-9","command":"TransferMoney","wait":false,'
                          b'"data":{"from":"A-1","to":"A-2","amount":1}}\n')
        child.stdin.flush()
        child.stdout.readline()
        child.kill()
        child.wait()
        # Opening the store lets it go on.
        self.assertEqual(self.ids("transfer", "--status", "completed"), ["T-1", "T-9"])

    def test_the_number_of_lines_can_be_limited(self):
        self.assertEqual(self.ids("account", "--limit", "2"), ["A-1", "A-2"])
        self.assertEqual(self.ids("account", "--limit", "0"), [])

    def test_a_person_gets_a_table(self):
        lines = self.succeed("list", "transfer").splitlines()
        self.assertRegex(lines[0], "^ID +STATUS +VERSION +STATE$")
        self.assertRegex(lines[2],
                         r"^T-2 +cancelled +\d+ +amount 50\.00.*reason insufficient funds")

    def test_unknown_types_and_statuses_are_refused(self):
        self.assertIn("there are unknown, created",
                      self.fail_with(1, "list", "transfer", "--status", "opne"))
        self.assertIn("no account has the status 'failed'",
                      self.fail_with(1, "list", "account", "--status", "failed"))
        self.assertIn("the types are account, transfer", self.fail_with(1, "list", "planet"))
