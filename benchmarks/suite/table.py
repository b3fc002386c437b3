"""The lines of the table: what each row's data come to, beside its floor and its bar."""

import dataclasses
import statistics
from typing import Callable, Optional

# Turns of a transfer that follow from one another, each with a commit.
COMMITS_IN_SEQUENCE = 6


@dataclasses.dataclass
class Line:
    row: str
    what: str
    bar: float
    at_least: bool        # else at most
    values: Callable      # from the row's data: one of each run
    unit: str = ""
    decimals: int = 0
    floor: Optional[Callable] = None  # from the row's data: text

    def is_met(self, values):
        middle = statistics.median(values)
        return middle >= self.bar if self.at_least else middle <= self.bar

    def bar_text(self):
        return f"{'≥' if self.at_least else '≤'} {self.bar:,}"


def number(value, decimals):
    return f"{value:,.{decimals}f}"


def spread(values, decimals, unit=""):
    """Median, and from the lowest to the highest."""
    text = number(statistics.median(values), decimals)
    if len(values) > 1:
        text += f" [{number(min(values), decimals)} to {number(max(values), decimals)}]"
    return f"{text} {unit}".strip()


def each(kind, figure):
    return lambda data: [run[figure] for run in data[kind]]


def ratio(kind, to, figure="transfers_per_second"):
    """Of the runs that took turns."""
    return lambda data: [run[figure] / other[figure]
                         for run, other in zip(data[kind], data[to])]


def floor_of_transfers(data):
    """What LMDB alone would do of the same records in as many commits, and CAF of messages."""
    transfers = [run["floor_events_per_second"] * run["transfers"] / run["events"]
                 for run in data["transfers"]]
    messages = [run["messages_per_second"] for run in data["caf"]]
    return (f"bare LMDB: {spread(transfers, 0)} transfers/s; "
            f"CAF: {spread(messages, 0)} messages/s")


def floor_of_events(data):
    floor = each("transfers", "floor_events_per_second")(data)
    return f"bare LMDB: {spread(floor, 0)} events/s"


def floor_of_latency(data):
    commits = each("transfers", "commit_p50_ms")(data)
    return f"{COMMITS_IN_SEQUENCE} commits; median commit {spread(commits, 3)} ms"


def record_bytes(data):
    share = [run["bytes_per_second"] * run["seconds"] / run["transfers"]
             for run in data["transfers"]]
    return f"the records themselves: {spread(share, 0)} bytes"


def of(kind, figure):
    """That figure of other runs, as a floor."""
    return lambda data: f"{kind}: {spread(each(kind, figure)(data), 0)} transfers/s"


def best_against(system):
    def values(data):
        found = next(x for x in data["ratios"] if x["against"] == system)
        return [found["lowest"], found["ratio"], found["highest"]]
    return values


def against(system):
    def text(data):
        best = max((x for x in data["summary"] if x["system"] == system),
                   key=lambda x: x["transfers_per_second"])
        return (f"PostgreSQL, {best['in_flight']} clients: {best['transfers_per_second']:,.0f} "
                f"[{best['lowest']:,.0f} to {best['highest']:,.0f}] transfers/s")
    return text


def small_part(name, figure, scale=1.0):
    """A figure of one of Google Benchmark's; nothing if it is not there."""
    return lambda data: [run[figure] * scale for run in data.get(name, [])]


NANOSECONDS = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}


def nanoseconds(runs):
    """The time of one, whatever unit it is in."""
    return [run["real_time"] * NANOSECONDS[run["time_unit"]] for run in runs]


def small_part_ms(name):
    return lambda data: [each / 1e6 for each in nanoseconds(data.get(name, []))]


def floor_of_part(name, unit):
    def text(data):
        values = small_part(name, "items_per_second")(data)
        return f"{name}: {spread(values, 0)} {unit}" if values else ""
    return text


LINES = [
    Line("orchestrated", "durable orchestrated transfers/s, 100,000 accounts, 2,048 in flight",
         30_000, True, each("transfers", "transfers_per_second"), floor=floor_of_transfers),
    Line("choreographed", "the same, choreographed", 30_000, True,
         each("transfers", "transfers_per_second"), floor=floor_of_transfers),
    Line("orchestrated", "events/s ÷ events/s of bare LMDB, same bytes and batches", 0.4, True,
         each("transfers", "floor_ratio"), decimals=2, floor=floor_of_events),
    Line("postgres", "÷ PostgreSQL, one function call, each at its best", 7, True,
         best_against("plain"), decimals=1, floor=against("plain")),
    Line("postgres", "÷ PostgreSQL, saga of four transactions, each at its best", 18, True,
         best_against("saga"), decimals=1, floor=against("saga")),
    Line("latency-quarter", "latency at a quarter of the peak, p50, in median commits", 8, False,
         each("transfers", "p50_commits"), decimals=1, floor=floor_of_latency),
    Line("latency-quarter", "the same, p99", 25, False, each("transfers", "p99_commits"),
         decimals=1, floor=floor_of_latency),
    Line("latency-one", "latency with one in flight, p50, in median commits", 7, False,
         each("transfers", "p50_commits"), decimals=1, floor=floor_of_latency),
    Line("hot-account", "one account in half of all transfers: throughput ÷ uniform", 0.6, True,
         ratio("hot", "uniform"), decimals=2, floor=of("uniform", "transfers_per_second")),
    Line("many-accounts", "10 million accounts: throughput ÷ that with 100,000", 0.6, True,
         ratio("many", "few"), decimals=2, floor=of("few", "transfers_per_second")),
    Line("many-accounts", "the same: peak memory, MiB", 2048, False, each("many", "rss_mib")),
    Line("large-journal", "50 million events in the store: throughput ÷ empty", 0.9, True,
         ratio("large", "empty"), decimals=2, floor=of("empty", "transfers_per_second")),
    Line("many-accounts", "first answer after a clean stop, 10 million accounts, s", 1, False,
         each("ready", "seconds"), decimals=2),
    Line("ready-after-kill", "first answer after kill -9, 10 million events, s", 2, False,
         each("ready", "seconds"), decimals=2),
    Line("small-parts", "rebuild an aggregate of 1 million events, no snapshot, ms", 1000, False,
         small_part_ms("rebuild_from_events/1000000"), decimals=0),
    Line("small-parts", "the same with a snapshot, ms", 5, False,
         small_part_ms("rebuild_from_snapshot/1000000"), decimals=2),
    Line("small-parts", "full read of the journal by a subscription, events/s", 2_000_000, True,
         small_part("scan_records", "items_per_second"),
         floor=floor_of_part("scan_bytes", "records/s")),
    Line("orchestrated", "bytes on disk per orchestrated transfer, all indexes included", 2000,
         False, each("transfers", "store_bytes_per_transfer"), floor=record_bytes),
    Line("small-parts", "set + clear of a deadline, 1 million pending, per second", 1_000_000,
         True, small_part("set_and_clear_any/1000000", "items_per_second")),
    Line("steady-load", "30 minutes: store growth per transfer, last third ÷ first", 1.05, False,
         each("growth", "store_growth_last_to_first"), decimals=3),
    Line("steady-load", "30 minutes: memory, last third ÷ first", 1.05, False,
         each("growth", "resident_last_to_first"), decimals=3),
]

HEADING = ["| what | bar | measured | floor in the same run | reached |",
           "| --- | ---: | ---: | --- | --- |"]


def lines_of(results):
    text = list(HEADING)
    for line in LINES:
        data = results.data(line.row)
        values = line.values(data) if data else []
        if values:
            floor = line.floor(data) if line.floor else ""
            cells = [spread(values, line.decimals), floor, "yes" if line.is_met(values) else "no"]
        else:
            cells = ["not measured", "", ""]
        text.append("| " + " | ".join([line.what, line.bar_text(), *cells]) + " |")
    return text


def small_parts_of(results):
    """All of Google Benchmark's: time and items per second."""
    data = results.data("small-parts")
    if not data:
        return ["not measured"]
    text = ["| what | an iteration | items/s |", "| --- | ---: | ---: |"]

    def place(part):
        return part[1][0]["family_index"], part[1][0]["per_family_instance_index"]

    for name, runs in sorted(data.items(), key=place):
        times = nanoseconds(runs)
        unit = max((x for x in NANOSECONDS if NANOSECONDS[x] <= max(statistics.median(times), 1)),
                   key=NANOSECONDS.get)
        scaled = [each / NANOSECONDS[unit] for each in times]
        items = [run["items_per_second"] for run in runs if "items_per_second" in run]
        text.append(f"| `{name.removesuffix('/real_time')}` "
                    f"| {spread(scaled, 1)} {unit.replace('us', 'µs')} "
                    f"| {spread(items, 0) if items else ''} |")
    return text


def commands_of(results, names):
    text = ["| row | command lines | runs | measured at commit | on |",
            "| --- | --- | ---: | --- | --- |"]
    for name in names:
        found = results.find(name)
        if found:
            commands = "<br>".join(f"`{each}`" for each in found["commands"])
            text.append(f"| `{name}` | {commands} | {found['runs']} "
                        f"| `{found['commit']}` | {found['time']} |")
        else:
            text.append(f"| `{name}` | | | not measured | |")
    return text
