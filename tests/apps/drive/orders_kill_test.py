#!/usr/bin/env python3
"""Kills `skald drive orders` with SIGKILL at random moments and starts it again each time, while
gateway and carrier misbehave. In the end every order has to be completed or compensated; stock,
charges and parcels have to add up; nothing may be held any more; and driving once more has to
change nothing.

Twenty kills of each style on ten thousand orders:
  orders_kill_test.py --skald build/release/apps/skald/skald --orders 10000 --rounds 20 \\
      --spread 2 --in-flight 1000
"""

import argparse
import contextlib
import json
import pathlib
import random
import subprocess
import tempfile
import time

from comparison import require
from order_lists import fates, generate_orders
from skald_program import Skald

STYLES = ["orchestrated", "choreographed", "managed", "slip"]


@contextlib.contextmanager
def gateway(program, ledger):
    """A payment gateway that no kill of its client concerns. Gives its address."""
    command = [program, "gateway", "--port", "0", "--ledger", ledger]
    with subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, text=True) as process:
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.kill()


def kill_after(command, seconds):
    """Starts the drive and kills it. Returns whether it had not come to its end before."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          text=True) as process:
        try:
            process.wait(seconds)
            require(process.returncode == 0, f"the drive failed: {process.stderr.read()}")
            return False
        except subprocess.TimeoutExpired:
            process.kill()
            return True


def check_report(report, order_count):
    require(report["orders"] == order_count, f"{report['orders']} orders of {order_count}")
    require(report["completed"] + report["compensated"] == order_count,
            "an order is neither completed nor compensated")
    require(report["parked"] == {} and report["open_sagas"] == 0, "a saga has not ended")
    require(report["locks"] == 0, "something is still held")
    require(report["findings"] == [], "; ".join(report["findings"]))
    require(report["charged"] - report["refunded"] == report["completed_amount"],
            "the charges differ from the completed orders")


def disturb(options, style, folder):
    luck = random.Random(f"{options.seed} {style}")
    order_file = folder / "orders.csv"
    statuses = generate_orders(order_file, options.orders, options.seed)
    skald = Skald(options.skald, folder / style)
    with gateway(options.skald, folder / f"{style}.ledger") as address:
        arguments = ["--gateway", address, "drive", "orders", "--orders", order_file,
                     "--style", style, "--chaos", options.chaos, "--seed", options.seed,
                     "--in-flight", options.in_flight]
        started = time.monotonic()
        kills = 0
        tries = 0
        while kills < options.rounds and tries < 3 * options.rounds:
            tries += 1
            kills += kill_after(skald.command(*arguments), luck.uniform(0.05, options.spread))
        report = skald.json(*arguments)
        check_report(report, options.orders)
        again = skald.json(*arguments)
        for total in ("completed", "compensated", "charges", "refunds", "parcels"):
            require(again[total] == report[total], f"driven once more, {total} has changed")
    if options.chaos == 0:
        for fate, count in fates(statuses).items():
            require(report[fate] == count, f"{report[fate]} are {fate}, not {count}")
    print(f"{style}: {kills} kills, {time.monotonic() - started:.0f} s, {json.dumps(report)}",
          flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--skald", required=True, help="the program")
    parser.add_argument("--orders", type=int, default=120, help="how many")
    parser.add_argument("--rounds", type=int, default=3, help="how often to kill")
    parser.add_argument("--spread", type=float, default=1, help="seconds before a kill, at most")
    parser.add_argument("--chaos", type=float, default=0.2)
    parser.add_argument("--in-flight", type=int, default=256)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--style", choices=STYLES, help="only this one")
    options = parser.parse_args()
    for style in [options.style] if options.style else STYLES:
        with tempfile.TemporaryDirectory(dir=pathlib.Path.cwd()) as name:
            disturb(options, style, pathlib.Path(name))


if __name__ == "__main__":
    main()
