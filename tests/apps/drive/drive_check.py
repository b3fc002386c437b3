#!/usr/bin/env python3
"""Drives a bank with both styles of transfer, each on a new store, and compares what comes out with
an independent sequential computation: the outcomes per payer, the balances, the sum. Then drives
each store again, which has to change nothing.

With the real files:
  drive_check.py --skald build/release/apps/skald/skald --accounts account.asc --orders order.asc
"""

import argparse
import json
import pathlib
import tempfile

from bank_reference import Outcomes, generate_bank
from comparison import check_report, check_store, differences, require
from skald_program import Skald, add_bank_options, drive_arguments


def check_style(bank, expected, folder, choreography):
    skald = Skald(bank.skald, folder / ("choreography" if choreography else "orchestration"))
    arguments = drive_arguments(bank, choreography)
    first = skald.json(*arguments)
    print(json.dumps(first), flush=True)
    check_report(first, expected)
    require(first["events"] > 0, f"no events: {first}")
    check_store(skald, expected)
    outcome_file = folder / f"{skald.store}.outcomes"
    again = skald.json(*arguments, "--outcomes", outcome_file)
    check_report(again, expected)
    require(again["events"] == 0, f"a repeated run wrote events: {again}")
    told = dict(line.split() for line in outcome_file.read_text().splitlines())
    differences(expected.status, told, "outcomes of the repeated run")
    check_store(skald, expected)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    add_bank_options(parser)
    bank = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=pathlib.Path.cwd()) as name:
        folder = pathlib.Path(name)
        if not bank.accounts:
            bank.accounts, bank.orders = folder / "account.asc", folder / "order.asc"
            generate_bank(bank.accounts, bank.orders, accounts=120, orders=160, seed=bank.seed)
        expected = Outcomes(bank.accounts, bank.orders, bank.months, bank.opening_balance)
        require(expected.count("cancelled") > 0, "no payment of this bank fails")
        for choreography in (False, True):
            check_style(bank, expected, folder, choreography)
    print("both styles come to the outcomes of the sequential computation")


if __name__ == "__main__":
    main()
