"""Transfers in PostgreSQL, by clients that pgbench plays."""

import json
import os
import re
import shutil
from pathlib import Path

from .latency import percentile
from .problem import Mismatch, Problem

# As `skald bench transfer` has them.
OPENING_BALANCE = 100_000_000
AMOUNT_MAX = 10_000

HERE = Path(__file__).parent
PLAIN = "plain"
SAGA = "saga"
HANDLED_PER_SAGA = 3  # its first transaction leaves the transfer itself
GRACE_SECONDS = 300


def load(cluster, kind, accounts):
    """The accounts as they were opened, and nothing else."""
    for name in ("accounts", kind):
        cluster.sql((HERE / f"{name}.sql").read_text(), accounts=accounts,
                    opening_balance=OPENING_BALANCE)
    cluster.sql("VACUUM ANALYZE")
    cluster.sql("CHECKPOINT")


def unload(cluster):
    """Leaves nothing that the server might still work at while something else is measured."""
    cluster.sql("SET client_min_messages = warning; "
                "DROP TABLE IF EXISTS accounts, transfers, outbox, handled")
    cluster.sql("CHECKPOINT")


def run(cluster, kind, accounts, clients, seconds):
    """Loads, lets the clients loose, checks. Returns the figures."""
    load(cluster, kind, accounts)
    os.sync()
    script = cluster.data / f"{kind}_client.sql"
    shutil.copyfile(HERE / script.name, script)
    latencies = cluster.data / "latencies"
    latencies.mkdir()
    for path in (script, latencies):
        cluster.give(path)
    try:
        threads = min(clients, len(os.sched_getaffinity(0)))
        printed = cluster.run(
            "pgbench", "-n", "-M", "prepared", "-c", clients, "-j", threads, "-T", seconds,
            "-D", "number=0", "-D", f"accounts={accounts}", "-D", f"amount_max={AMOUNT_MAX}",
            "-l", f"--log-prefix={latencies}/each", "-f", script,
            timeout=seconds + GRACE_SECONDS)
        result = figures(printed, read_latencies(latencies))
    finally:
        shutil.rmtree(latencies)
        script.unlink()
    check(books(cluster, kind), kind, accounts, result["transfers"])
    unload(cluster)
    return result


def figures(printed, latencies_ms):
    """From what pgbench prints."""

    def find(pattern):
        found = re.search(pattern, printed)
        if not found:
            raise Problem("pgbench has printed something unexpected:\n" + printed)
        return found[1]

    transfers = int(find(r"actually processed: (\d+)"))
    rate = float(find(r"tps = ([0-9.]+) \((?:without|excluding)"))
    failed = re.search(r"failed transactions: (\d+)", printed)
    if failed and int(failed[1]) > 0:
        raise Mismatch(f"pgbench says that {failed[1]} transfers failed")
    if transfers == 0 or len(latencies_ms) != transfers:
        raise Mismatch(f"pgbench says that it made {transfers} transfers, but has logged "
                       f"{len(latencies_ms)}; try a longer --seconds")
    return {
        "transfers": transfers,
        "seconds": round(transfers / rate, 3),
        "transfers_per_second": rate,
        "p50_ms": percentile(latencies_ms, 50),
        "p99_ms": percentile(latencies_ms, 99),
    }


def read_latencies(folder):
    """In ms, of every transfer: the third word of each line of pgbench's logs, in microseconds."""
    return [int(line.split()[2]) / 1000
            for path in folder.iterdir() for line in path.read_text().splitlines()]


def books(cluster, kind):
    found = {}
    for name in ["check"] + ([f"{SAGA}_check"] if kind == SAGA else []):
        text = (HERE / f"{name}.sql").read_text()
        found |= json.loads(cluster.sql(text, opening_balance=OPENING_BALANCE))
    return found


def check(found, kind, accounts, acknowledged):
    """Throws unless money and transfers add up. pgbench lets every client finish what it is at, so
    no saga may be unfinished."""
    expected = {
        "accounts": accounts,
        "sum": accounts * OPENING_BALANCE,
        "pending": 0,
        "transfers": acknowledged,
        "completed": acknowledged,
        "wrong_balances": 0,
    }
    if kind == SAGA:
        expected |= {"outbox": 0, "handled": acknowledged * HANDLED_PER_SAGA}
    wrong = [f"{name} is {found[name]}, not {value}" for name, value in expected.items()
             if found[name] != value]
    if wrong:
        raise Mismatch(f"PostgreSQL, {kind}: " + "; ".join(wrong))
