#!/usr/bin/env python3
"""Kills `skald drive bank` with SIGKILL at random moments and starts it again each time, then
requires the outcomes of an undisturbed run: no transfer lost that was told, none twice, no saga
left open.

Fifty kills with the real files:
  kill_test.py --skald build/release/apps/skald/skald --rounds 50 \\
      --accounts account.asc --orders order.asc
"""

import argparse
import json
import pathlib
import random
import subprocess
import tempfile
import time

from bank_reference import Outcomes, generate_bank
from comparison import check_report, check_store, differences, require, statuses
from skald_program import Skald, add_bank_options, drive_arguments


class Disturbed:
    """A drive of one store that is killed again and again, and what it has told."""

    def __init__(self, skald, arguments, expected):
        self.skald = skald
        self.outcome_file = pathlib.Path(skald.store + ".outcomes")
        self.arguments = [*arguments, "--outcomes", self.outcome_file]
        self.expected = expected
        self.told = {}

    def killed_after(self, seconds):
        """Starts the drive and kills it. Returns whether it had not come to its end before."""
        with subprocess.Popen(self.skald.command(*self.arguments), stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, text=True) as process:
            try:
                process.wait(seconds)
                require(process.returncode == 0, f"the drive failed: {process.stderr.read()}")
                return False
            except subprocess.TimeoutExpired:
                process.kill()
                return True
            finally:
                process.wait()
                self.read_told()

    def read_told(self):
        """What was told of a transfer once is told ever after."""
        text = self.outcome_file.read_text() if self.outcome_file.exists() else ""
        complete = text[:text.rfind("\n") + 1]  # the kill may have cut the last line
        for line in complete.splitlines():
            transfer, status = line.split()
            require(self.told.setdefault(transfer, status) == status,
                    f"{transfer} was told to be {self.told[transfer]}, then {status}")
        self.outcome_file.write_text(complete)

    def check_told(self):
        """Every outcome that was told before a kill is in the store that is opened after it."""
        found = statuses(self.skald)
        differences(self.told, {each: found.get(each) for each in self.told}, "told outcomes")

    def finish(self):
        """Drives to the end and requires the outcomes of an undisturbed run."""
        report = self.skald.json(*self.arguments)
        self.read_told()
        differences(self.expected.status, self.told, "told outcomes")
        check_report(report, self.expected)
        check_store(self.skald, self.expected)
        print(json.dumps(report), flush=True)


def disturb(bank, expected, folder, choreography):
    chance = random.Random(bank.seed)
    arguments = drive_arguments(bank, choreography)
    started = time.monotonic()
    check_report(Skald(bank.skald, folder / "undisturbed").json(*arguments), expected)
    undisturbed = time.monotonic() - started
    drive = None
    stores = 0
    for kill in range(bank.rounds):
        killed = False
        while not killed:
            if not drive:
                stores += 1
                skald = Skald(bank.skald, folder / f"store-{stores}")
                drive = Disturbed(skald, arguments, expected)
            # A drive goes over what is done first: later kills take longer to meet new transfers.
            seconds = chance.uniform(0, undisturbed * (kill + 1) / bank.rounds)
            killed = drive.killed_after(seconds)
            if not killed:
                drive.finish()
                drive = None
        if chance.random() < 0.2:
            drive.check_told()
    told = len(drive.told)
    drive.finish()
    print(f"{'choreography' if choreography else 'orchestration'}: {bank.rounds} kills on {stores} "
          f"stores; {told} of {len(expected.status)} outcomes were told before the last start")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    add_bank_options(parser)
    parser.add_argument("--rounds", type=int, default=6, help="how often to kill")
    parser.add_argument("--choreography", action="store_true")
    bank = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=pathlib.Path.cwd()) as name:
        folder = pathlib.Path(name)
        if not bank.accounts:
            bank.accounts, bank.orders = folder / "account.asc", folder / "order.asc"
            generate_bank(bank.accounts, bank.orders, accounts=400, orders=500, seed=bank.seed)
        expected = Outcomes(bank.accounts, bank.orders, bank.months, bank.opening_balance)
        disturb(bank, expected, folder, bank.choreography)


if __name__ == "__main__":
    main()
