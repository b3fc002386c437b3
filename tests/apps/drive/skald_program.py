"""Runs the `skald` program and reads what it prints."""

import json
import subprocess


class Skald:
    def __init__(self, program, store):
        self.program = str(program)
        self.store = str(store)

    def command(self, *arguments):
        return [self.program, "--store", self.store, "--json", *map(str, arguments)]

    def run(self, *arguments):
        """The output of a run that has to end well."""
        done = subprocess.run(self.command(*arguments), capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise AssertionError(f"{' '.join(done.args)} ended with {done.returncode}:\n"
                                 f"{done.stderr}{done.stdout[:2000]}")
        return done.stdout

    def json(self, *arguments):
        return json.loads(self.run(*arguments))

    def list(self, entity_type):
        return [json.loads(line) for line in self.run("list", entity_type).splitlines()]


def drive_arguments(bank, choreography):
    """The arguments of `skald drive bank` for a bank given by the options of `add_bank_options`."""
    arguments = ["drive", "bank", "--accounts", bank.accounts, "--orders", bank.orders,
                 "--months", bank.months, "--opening-balance", bank.opening_balance]
    return arguments + (["--choreography"] if choreography else [])


def add_bank_options(parser):
    parser.add_argument("--skald", required=True, help="the program")
    parser.add_argument("--accounts", help="account file; missing: a small generated bank")
    parser.add_argument("--orders", help="order file")
    parser.add_argument("--months", type=int, default=12)
    parser.add_argument("--opening-balance", default="20000.00")
    parser.add_argument("--seed", type=int, default=1, help="for the generated bank and for chance")
