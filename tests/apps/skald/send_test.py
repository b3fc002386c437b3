import json

from program import ProgramTest


class Send(ProgramTest):
    def open(self, account, balance):
        return self.succeed("send", "account", account, "OpenAccount",
                            json.dumps({"opening_balance": balance}))

    def transfer(self, transfer, amount, *more):
        return self.call("send", "transfer", transfer, "TransferMoney",
                         json.dumps({"from": "A-1", "to": "A-2", "amount": amount}), *more)

    def test_a_command_is_sent_and_its_outcome_printed(self):
        self.assertIn("OpenAccount of account/A-1 is accepted; it is at sequence 1",
                      self.open("A-1", 5))
        outcome = self.json_of("send", "account", "A-2", "OpenAccount", '{"opening_balance": 5}')
        self.assertEqual((outcome["id"], outcome["outcome"], outcome["sequence"]),
                         ("A-2", "accepted", 1))

    def test_a_transfer_is_answered_when_it_has_ended(self):
        self.open("A-1", 500)
        self.open("A-2", 0)
        self.assertIn("TransferMoney of transfer/T-1 is completed",
                      self.transfer("T-1", 100).stdout)
        refused = self.transfer("T-2", 1_000, "--json")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("insufficient funds", refused.stderr)
        self.assertEqual(json.loads(refused.stdout)["outcome"], "rejected")
        accepted = self.transfer("T-3", 1_000, "--no-wait")
        self.assertEqual(accepted.returncode, 0)
        self.assertIn("is accepted", accepted.stdout)

    def test_what_is_refused_says_why_and_ends_with_1(self):
        self.open("A-1", 500)
        for arguments, why in (
                (("account", "A-1", "CloseAccount"), "the balance is 5.00, not zero"),
                (("account", "A-1", "Fly"), "there is no command 'Fly'"),
                (("account", "A-1", "OpenAccount", '{"opening_balance": "x"}'), "opening_balance"),
                (("planet", "A-1", "CloseAccount"), "there is no aggregate type 'planet'"),
                (("account", "a\nb", "CloseAccount"), "control character")):
            with self.subTest(arguments=arguments):
                self.assertIn(why, self.fail_with(1, "send", *arguments))

    def test_what_nobody_could_consider_is_an_error_and_no_verdict(self):
        done = self.call("--json", "send", "account", "A-1", "Fly")
        self.assertEqual(done.returncode, 1)
        outcome = json.loads(done.stdout)
        self.assertIn("no command 'Fly'", outcome["error"])
        self.assertNotIn("outcome", outcome)
        # A refusal by an aggregate that never was is a verdict, and stands.
        done = self.call("--json", "send", "account", "A-1", "CloseAccount", "--message-id", "m-1")
        self.assertEqual(json.loads(done.stdout)["outcome"], "rejected")
        self.open("A-1", 0)
        again = self.call("--json", "send", "account", "A-1", "CloseAccount", "--message-id", "m-1")
        self.assertEqual(again.stdout, done.stdout)

    def test_the_same_message_id_is_the_same_message(self):
        for _ in range(2):
            outcome = self.json_of("send", "account", "A-1", "OpenAccount",
                                   '{"opening_balance": 5}', "--message-id", "once")
            self.assertEqual((outcome["outcome"], outcome["message_id"]), ("accepted", "once"))
        self.assertIn("open already", self.fail_with(1, "send", "account", "A-1", "OpenAccount",
                                                     '{"opening_balance": 5}'))

    def test_a_version_that_is_not_the_expected_one_is_refused(self):
        self.open("A-1", 0)
        self.assertIn("expected version 7, but it is 1",
                      self.fail_with(1, "send", "account", "A-1", "CloseAccount",
                                     "--expected-version", 7))
        self.succeed("send", "account", "A-1", "CloseAccount", "--expected-version", 1)

    def test_the_correlation_id_is_recorded(self):
        self.succeed("send", "account", "A-1", "OpenAccount", '{"opening_balance": 5}',
                     "--correlation-id", "order 7")
        history = self.json_of("show", "account", "A-1", "--history")["history"]
        self.assertEqual(history[0]["input"]["correlation_id"], "order 7")

    def test_control_characters_never_reach_the_terminal(self):
        text = self.fail_with(1, "send", "account", "A-1", "\x1b[31mred\x9b")
        self.assertIn("\\x1b[31mred", text)
        self.assertNotIn("\x1b", text)
        self.assertNotIn("\x9b", text)
