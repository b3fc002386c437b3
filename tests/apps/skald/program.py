"""Runs the program under test as a child process, each test in an empty folder of its own."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

PROGRAM = os.environ["SKALD_PROGRAM"]


def open_account(account, balance, **more):
    return {"type": "account", "id": account, "command": "OpenAccount",
            "data": {"opening_balance": balance}, **more}


def transfer_money(transfer, payer, receiver, amount, **more):
    return {"type": "transfer", "id": transfer, "command": "TransferMoney",
            "data": {"from": payer, "to": receiver, "amount": amount}, **more}


def as_lines(commands):
    return "".join(json.dumps(each) + "\n" for each in commands)


class ProgramTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.store = self.folder / "skald-store"

    def call(self, *arguments, stdin="", program=PROGRAM, **options):
        """Runs the program to its end."""
        if isinstance(stdin, str):
            stdin = stdin.encode()
        done = subprocess.run([program, *map(str, arguments)], input=stdin, capture_output=True,
                              cwd=self.folder, timeout=300, check=False, **options)
        done.stdout = done.stdout.decode()
        done.stderr = done.stderr.decode()
        return done

    def succeed(self, *arguments, **options):
        done = self.call(*arguments, **options)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def fail_with(self, exit_code, *arguments, **options):
        """Returns what the program says on standard error."""
        done = self.call(*arguments, **options)
        self.assertEqual(done.returncode, exit_code, done.stdout + done.stderr)
        self.assertNotEqual(done.stderr, "")
        return done.stderr

    def json_of(self, *arguments, **options):
        return json.loads(self.succeed("--json", *arguments, **options))

    def json_lines_of(self, *arguments, **options):
        text = self.succeed("--json", *arguments, **options)
        return [json.loads(line) for line in text.splitlines()]

    def run_lines(self, commands):
        """Outcomes of `skald run` in the order of the lines."""
        outcomes = self.json_lines_of("run", "-", stdin=as_lines(commands))
        return sorted(outcomes, key=lambda outcome: outcome["line"])

    def balance(self, account):
        return self.json_of("show", "account", account)["state"]["balance"]

    def assert_intact(self):
        report = self.json_of("verify")
        self.assertTrue(report["ok"])
        self.assertEqual(report["damage"], [])
        return report

    def start_run(self, lines="-", **options):
        """Starts `skald run` and leaves it running."""
        child = subprocess.Popen([PROGRAM, "run", str(lines)], stdin=subprocess.PIPE,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=self.folder,
                                 **options)
        self.addCleanup(self._end, child)
        return child

    @staticmethod
    def _end(child):
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout, child.stderr):
            pipe.close()
