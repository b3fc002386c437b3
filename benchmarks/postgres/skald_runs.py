"""Transfers in Skald, by `skald bench transfer`."""

import json
import os
import shutil
import subprocess

from .postgres_runs import OPENING_BALANCE
from .problem import Mismatch, Problem

GRACE_SECONDS = 900


class SkaldRuns:
    """Runs of about the same length: the number of transfers follows from the last run's rate."""

    def __init__(self, program, folder, accounts, seconds):
        self.program = program
        self.folder = folder
        self.accounts = accounts
        self.seconds = seconds
        self.rates = {}

    def run(self, in_flight):
        """Runs on a new store and checks. Returns the figures."""
        if in_flight not in self.rates:
            self._run(in_flight, trial_transfers(in_flight))
        return self._run(in_flight, max(round(self.rates[in_flight] * self.seconds), in_flight))

    def _run(self, in_flight, transfers):
        store = self.folder / "skald-store"
        try:
            os.sync()
            report = self._call(store, "bench", "transfer", "--accounts", self.accounts,
                                "--transfers", transfers, "--in-flight", in_flight)
            check(report, self._call(store, "verify"), self.accounts, transfers)
        finally:
            shutil.rmtree(store, ignore_errors=True)
        self.rates[in_flight] = report["transfers_per_second"]
        return {
            "transfers": transfers,
            "seconds": round(transfers / report["transfers_per_second"], 3),
            "transfers_per_second": report["transfers_per_second"],
            "p50_ms": report["p50_ms"],
            "p99_ms": report["p99_ms"],
        }

    def _call(self, store, *arguments):
        command = [self.program, "--json", "--store", store, *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=self.folder,
                              timeout=self.seconds * 10 + GRACE_SECONDS, check=False)
        said = " ".join(map(str, command)) + f" ended with {done.returncode}: " + \
            done.stderr.strip()[-2000:]
        try:
            report = json.loads(done.stdout)
        except json.JSONDecodeError:
            raise Problem(said) from None
        if done.returncode != 0:
            raise Mismatch(said)
        return report


def trial_transfers(in_flight):
    """Enough for a second or two."""
    return min(500 + 100 * in_flight, 20_000)


def check(report, verified, accounts, transfers):
    """Throws unless money and transfers add up."""
    total = accounts * OPENING_BALANCE
    expected = [
        ("transfers", report, transfers),
        ("completed", report, transfers),
        ("failed", report, 0),
        ("sum_before", report, total),
        ("sum_after", report, total),
        ("ok", verified, True),
        ("transfers", verified, transfers),
        ("sagas_open", verified, 0),
        ("sagas_completed", verified, transfers),
        ("sum_of_balances", verified, total),
    ]
    wrong = [f"{name} is {found.get(name)}, not {value}" for name, found, value in expected
             if found.get(name) != value]
    if wrong:
        raise Mismatch("Skald: " + "; ".join(wrong))
