#!/usr/bin/env python3
"""Runs `skald drive orders` in each style and requires what the statuses of the list say."""

import argparse
import pathlib
import subprocess
import tempfile

from comparison import require
from order_lists import fates, generate_orders
from orders_kill_test import STYLES, check_report
from skald_program import Skald


def check_style(program, folder, style):
    order_file = folder / "orders.csv"
    statuses = generate_orders(order_file, 200, seed=7)
    skald = Skald(program, folder / style)
    arguments = ["drive", "orders", "--orders", order_file, "--style", style]
    first = skald.json(*arguments, "--limit", 50)
    check_report(first, 50)
    report = skald.json(*arguments)
    check_report(report, len(statuses))
    for fate, count in fates(statuses).items():
        require(report[fate] == count, f"{style}: {report[fate]} are {fate}, not {count}")
    refused = [reason for reason in report["reasons"] if "declined" in reason]
    require(sum(report["reasons"][each] for each in refused) == statuses.count("canceled"),
            f"{style}: not every canceled order says that its card was declined")
    again = skald.json(*arguments)
    require(again["charges"] == report["charges"], f"{style}: driven twice, charged twice")
    check_verbs(skald, statuses)


def check_verbs(skald, statuses):
    """The other verbs know orders too."""
    require(len(skald.list("order")) == len(statuses), "not every order is listed")
    shown = skald.json("show", "order", f"{statuses.index('delivered'):08x}")
    require(shown["status"] == "completed", f"a delivered order is {shown['status']}")
    gone = skald.json("show", "order", f"{statuses.index('canceled'):08x}")
    require(gone["status"] == "cancelled" and gone["deleted"], "a canceled order is not deleted")
    require(skald.json("verify")["ok"], "the store is not intact")


def check_errors(program, folder):
    def fails_with(text, *more):
        order_file = folder / "bad.csv"
        order_file.write_text(text, encoding="utf-8")
        skald = Skald(program, folder / "none")
        done = subprocess.run(skald.command("drive", "orders", "--orders", order_file, *more),
                              capture_output=True, text=True, check=False)
        require(done.returncode == 1, f"{text!r} was taken")
        return done.stderr
    header = "order_id,order_status,order_purchase_timestamp\n"
    require("line 3, column 1" in fails_with(header + "a,shipped,t\na,shipped,t\n"),
            "a repeated order is not named by its place")
    require("no column 'state'" in fails_with(header, "--map", "status=state"),
            "a column that is not there is not named")
    require("http://127.0.0.1:9" in fails_with(header + "a,shipped,t\n", "--chaos", "0.1",
                                               "--gateway", "http://127.0.0.1:9"),
            "a gateway that is not there is not named")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--skald", required=True, help="the program")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=pathlib.Path.cwd()) as name:
        folder = pathlib.Path(name)
        for style in STYLES:
            check_style(options.skald, folder, style)
        check_errors(options.skald, folder)


if __name__ == "__main__":
    main()
