import json
import os
import subprocess
import unittest

from program import PROGRAM, ProgramTest, as_lines, open_account, transfer_money


class Run(ProgramTest):
    def test_every_line_gets_its_outcome(self):
        outcomes = self.run_lines([
            open_account("A-1", 1000),
            open_account("A-2", 0),
            transfer_money("T-1", "A-1", "A-2", 300, message_id="first"),
            transfer_money("T-2", "A-1", "A-2", 1001),
            {"type": "account", "id": "A-2", "command": "CloseAccount", "expected_version": 77},
        ])
        self.assertEqual([outcome["line"] for outcome in outcomes], [1, 2, 3, 4, 5])
        self.assertEqual([outcome["outcome"] for outcome in outcomes],
                         ["accepted", "accepted", "accepted", "rejected", "rejected"])
        self.assertEqual(outcomes[0]["sequence"], 1)
        self.assertRegex(outcomes[0]["message_id"], "^[0-9a-f]{32}$")
        self.assertEqual((outcomes[2]["type"], outcomes[2]["id"], outcomes[2]["command"],
                          outcomes[2]["message_id"]),
                         ("transfer", "T-1", "TransferMoney", "first"))
        self.assertEqual(outcomes[3]["reason"], "insufficient funds")
        self.assertIn("expected version 77", outcomes[4]["reason"])
        self.assertEqual((self.balance("A-1"), self.balance("A-2")), (700, 300))

    def test_a_transfer_is_answered_on_acceptance_if_it_is_not_waited_for(self):
        outcomes = self.run_lines([transfer_money("T-1", "A-1", "A-2", 300, wait=False),
                                   transfer_money("T-2", "A-1", "A-2", 300)])
        self.assertEqual((outcomes[0]["outcome"], outcomes[0]["sequence"]), ("accepted", 1))
        self.assertEqual((outcomes[1]["outcome"], outcomes[1]["reason"]),
                         ("rejected", "no such account"))
        self.assertEqual(self.json_of("show", "transfer", "T-1")["status"], "cancelled")

    def test_a_transfer_to_a_closed_account_fails_at_once_in_every_style(self):
        self.run_lines([open_account("A-1", 1000), open_account("A-2", 0),
                        {"type": "account", "id": "A-2", "command": "CloseAccount"}])
        for style in ("orchestrated", "choreographed"):
            command = transfer_money(f"T-{style}", "A-1", "A-2", 300)
            command["data"].update(style=style, deadline_ms=3_600_000)
            self.assertEqual(self.run_lines([command])[0]["reason"], "the account is closed")
        self.assertEqual(self.balance("A-1"), 1000)

    def test_commands_of_one_account_keep_the_order_of_their_lines(self):
        commands = []
        for i in range(500):
            commands += [open_account(f"A-{i}", 0),
                         {"type": "account", "id": f"A-{i}", "command": "CloseAccount",
                          "expected_version": 1},
                         open_account(f"A-{i}", 0)]
        outcomes = self.run_lines(commands)
        self.assertEqual([outcome["outcome"] for outcome in outcomes],
                         ["accepted", "accepted", "rejected"] * 500)

    def test_accounts_are_open_before_transfers_of_later_lines_reach_them(self):
        commands = []
        for i in range(400):
            commands += [open_account(f"P-{i}", 10), open_account(f"R-{i}", 0),
                         transfer_money(f"T-{i}", f"P-{i}", f"R-{i}", 10)]
        self.assertEqual({outcome["outcome"] for outcome in self.run_lines(commands)}, {"accepted"})
        report = self.assert_intact()
        self.assertEqual((report["accounts"], report["transfers"], report["sum_of_balances"]),
                         (800, 400, 4000))

    def test_the_same_message_id_is_the_same_message(self):
        command = transfer_money("T-1", "A-1", "A-2", 300, message_id="once")
        first = self.run_lines([open_account("A-1", 1000), open_account("A-2", 0),
                                command, command])
        second = self.run_lines([command])
        self.assertEqual([outcome["outcome"] for outcome in first[2:] + second], ["accepted"] * 3)
        self.assertEqual({outcome["sequence"] for outcome in first[2:] + second},
                         {first[2]["sequence"]})
        self.assertEqual(self.balance("A-2"), 300)

    def test_bad_lines_are_named_and_the_rest_goes_on(self):
        good = json.dumps(open_account("A-1", 5))
        bad = [
            (b'{"type":', "unexpected end of input"),
            (b"[1]", "must be an object"),
            (b"{bad}", "object key"),
            (b'{"id":"A-1","command":"CloseAccount"}', "'type' is missing"),
            (b'{"type":"account","command":"CloseAccount"}', "'id' is missing"),
            (b'{"type":"account","id":"A-1"}', "'command' is missing"),
            (b'{"type":"account","id":7,"command":"CloseAccount"}', "'id' must be a text"),
            (b'{"type":"account","id":"","command":"CloseAccount"}', "'id' must not be empty"),
            (b'{"type":"account","id":"a\\u001bb","command":"CloseAccount"}', "'id' is not valid"),
            (b'{"type":"account","id":"A-1","command":"CloseAccount","colour":1}', "'colour'"),
            (b'{"type":"account","id":"A-1","id":"A-2","command":"CloseAccount"}',
             "'id' is repeated"),
            (b'{"type":"account","id":"A-1","command":"CloseAccount","data":[]}', "'data'"),
            (b'{"type":"account","id":"A-1","command":"CloseAccount","wait":1}', "'wait'"),
            (b'{"type":"account","id":"A-1","command":"CloseAccount","expected_version":1.5}',
             "'expected_version'"),
            (b'{"type":"account","id":"A-1","command":"CloseAccount","correlation_id":"a\\u0000"}',
             "'correlation_id'"),
            (b'{"type":"planet","id":"A-1","command":"CloseAccount"}', "'planet'"),
            (b'{"type":"account","id":"A-1","command":"Fly"}', "'Fly'"),
            (b'{"type":"account","id":"A-1","command":"OpenAccount","data":{}}', "opening_balance"),
            (b'{"type":"account","id":"A-1","command":"OpenAccount",'
             b'"data":{"opening_balance":1.5}}', "opening_balance"),
            (b'{"type":"account","id":"A-1","command":"OpenAccount",'
             b'"data":{"opening_balance":1e999}}', "1e999"),
            (b'{"type":"\xff"}', "UTF-8"),
            (b"[" * 500_000, "nested"),
            (b'{"data":' * 100_000, "nested"),
            (b'{"type":"account","id":"A-1","command":"Fly","data":{"x":' + b"[" * 63 + b"]" * 63 +
             b"}}", "nested"),
            (b"x" * (1 << 20) + b"x", "longer than 1048576 bytes"),
        ]
        lines = b"\n".join(line for line, _ in bad) + b"\n\n  \r\n" + good.encode()
        done = self.call("run", "-", stdin=lines)
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"{len(bad)} of {len(bad) + 3} lines are bad", done.stderr)
        outcomes = {outcome["line"]: outcome
                    for outcome in map(json.loads, done.stdout.splitlines())}
        self.assertEqual(len(outcomes), len(bad) + 1)
        self.assertEqual(outcomes[len(bad) + 3]["outcome"], "accepted")
        for number, (line, why) in enumerate(bad, 1):
            with self.subTest(line=line[:80]):
                self.assertIn(why, outcomes[number]["error"])
                self.assertGreaterEqual(outcomes[number]["column"], 1)
        self.assertEqual(outcomes[3]["column"], 2)

    def test_a_line_of_just_the_permitted_length_is_taken(self):
        line = json.dumps(open_account("A-1", 5))
        line += " " * ((1 << 20) - len(line))
        self.succeed("run", "-", stdin=line + "\n")

    def test_outcomes_come_while_the_input_is_still_open(self):
        child = self.start_run()
        for i in range(3):
            child.stdin.write(as_lines([open_account(f"A-{i}", 5)]).encode())
            child.stdin.flush()
            self.assertEqual(json.loads(child.stdout.readline())["id"], f"A-{i}")
        child.stdin.close()
        self.assertEqual(child.wait(timeout=60), 0)

    def test_a_file_that_cannot_be_read_is_an_error(self):
        self.assertIn("nowhere", self.fail_with(1, "run", "nowhere"))
        self.assertFalse(self.store.exists())
        self.assertIn("Is a directory", self.fail_with(1, "run", self.folder))

    def test_outcomes_that_cannot_be_written_are_an_error(self):
        with open("/dev/full", "wb") as full:
            done = subprocess.run([PROGRAM, "run", "-"], stdout=full, stderr=subprocess.PIPE,
                                  input=as_lines([open_account("A-1", 5)] * 5000).encode(),
                                  cwd=self.folder, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"cannot be written", done.stderr)

    @unittest.skipIf(os.environ.get("SKALD_SANITIZE"), "sanitizers take memory of their own")
    def test_memory_does_not_grow_with_the_input(self):
        commands = as_lines(open_account(f"A-{i}", 5, message_id=f"open {i}") for i in range(2_000))
        short = self.peak_memory(commands, 1)
        long = self.peak_memory(commands, 100)
        self.assertLess(long, 1.5 * short)
        self.assertEqual(self.assert_intact()["events"], 2_000)

    def peak_memory(self, lines, times):
        """Of the program itself: the pages of the store that it looks at belong to the system."""
        script = self.folder / "lines"
        with open(script, "w", encoding="utf-8") as file:
            for _ in range(times):
                file.write(lines)
        child = self.start_run(script)
        peak = 0
        for number, _ in enumerate(child.stdout):
            if number % 500 == 0:
                with open(f"/proc/{child.pid}/status", encoding="ascii") as status:
                    peak = max([peak] + [int(line.split()[1]) for line in status
                                         if line.startswith("RssAnon:")])
        self.assertEqual(child.wait(timeout=60), 0)
        return peak
