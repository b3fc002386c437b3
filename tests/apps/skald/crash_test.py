import json

from program import ProgramTest, as_lines, open_account, transfer_money

ACCOUNTS = 20
TRANSFERS = 6_000


def script():
    commands = [open_account(f"A-{i}", 1_000_000, message_id=f"open {i}") for i in range(ACCOUNTS)]
    for i in range(TRANSFERS):
        payer, receiver = i % ACCOUNTS, (i * 7 + 1) % ACCOUNTS
        if payer == receiver:
            receiver = (payer + 1) % ACCOUNTS
        more = {"message_id": f"transfer {i}"}
        command = transfer_money(f"T-{i}", f"A-{payer}", f"A-{receiver}", 1 + i % 50, **more)
        command["data"]["style"] = ("orchestrated", "choreographed")[i % 2]
        # Some are beyond every balance, so that there is something to undo.
        if i % 10 == 9:
            command["data"]["amount"] = 10**9
        command["data"]["deadline_ms"] = 600_000
        commands.append(command)
    return commands


class Crash(ProgramTest):
    def test_a_script_that_is_killed_and_run_again_ends_as_if_nothing_had_happened(self):
        lines = self.folder / "lines"
        lines.write_text(as_lines(script()))
        reported = {}
        for kill_after in (1, 700, 2_500):
            child = self.start_run(lines)
            for _ in range(kill_after):
                self.note(json.loads(child.stdout.readline()), reported)
            child.kill()
            for line in child.stdout.read().splitlines(keepends=True):
                if line.endswith(b"\n"):
                    self.note(json.loads(line), reported)
        for outcome in self.json_lines_of("run", lines):
            self.note(outcome, reported)

        self.assertEqual(len(reported), ACCOUNTS + TRANSFERS)
        refused = {line for line, outcome in reported.items() if outcome["outcome"] == "rejected"}
        self.assertEqual(refused, {ACCOUNTS + i + 1 for i in range(TRANSFERS) if i % 10 == 9})
        report = self.assert_intact()
        self.assertEqual(report["transfers"], TRANSFERS)
        self.assertEqual(report["sagas_open"], 0)
        self.assertEqual(report["sagas_completed"], TRANSFERS * 9 // 10)
        self.assertEqual(report["sum_of_balances"], ACCOUNTS * 1_000_000)

    def note(self, outcome, reported):
        """What was reported once is reported again in the same words."""
        self.assertEqual(reported.setdefault(outcome["line"], outcome), outcome)
