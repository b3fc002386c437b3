"""Medians, ratios, and the table of them."""

from statistics import median

SKALD = "skald"
NAMES = {
    SKALD: "Skald, saga",
    "plain": "PostgreSQL, one call",
    "saga": "PostgreSQL, saga of four",
}


def summarise(runs):
    """One row for each system and number of transfers in flight, in order of appearance."""
    groups = {}
    for run in runs:
        groups.setdefault((run["system"], run["in_flight"]), []).append(run)
    return [
        {
            "system": system,
            "in_flight": in_flight,
            "transfers_per_second": median(x["transfers_per_second"] for x in group),
            "lowest": min(x["transfers_per_second"] for x in group),
            "highest": max(x["transfers_per_second"] for x in group),
            "p50_ms": median(x["p50_ms"] for x in group),
            "p99_ms": median(x["p99_ms"] for x in group),
            "runs": len(group),
        }
        for (system, in_flight), group in groups.items()
    ]


def best_of(rows, system):
    return max((x for x in rows if x["system"] == system), key=lambda x: x["transfers_per_second"])


def ratios(runs):
    """Skald at its best against each of PostgreSQL's ways at its best: the ratio of the medians,
    and the lowest and highest that a single round gives."""
    rows = summarise(runs)
    ours = best_of(rows, SKALD)
    found = []
    for system in ("plain", "saga"):
        theirs = best_of(rows, system)
        by_round = [
            a["transfers_per_second"] / b["transfers_per_second"]
            for a in runs if is_of(a, ours)
            for b in runs if is_of(b, theirs) and a["round"] == b["round"]
        ]
        found.append({
            "against": system,
            "skald_in_flight": ours["in_flight"],
            "postgres_clients": theirs["in_flight"],
            "ratio": ours["transfers_per_second"] / theirs["transfers_per_second"],
            "lowest": min(by_round),
            "highest": max(by_round),
        })
    return found


def is_of(run, row):
    return run["system"] == row["system"] and run["in_flight"] == row["in_flight"]


def table(runs):
    """As text."""
    lines = [f"{'':26}{'':>9}{'transfers/s':>13}{'':20}{'latency, ms':>22}",
             f"{'':26}{'in flight':>9}{'median':>13}{'lowest':>10}{'highest':>10}"
             f"{'p50':>11}{'p99':>11}"]
    for x in sorted(summarise(runs), key=lambda x: (list(NAMES).index(x["system"]),
                                                    x["in_flight"])):
        lines.append(f"{NAMES[x['system']]:26}{x['in_flight']:>9,}"
                     f"{x['transfers_per_second']:>13,.0f}{x['lowest']:>10,.0f}"
                     f"{x['highest']:>10,.0f}{x['p50_ms']:>11,.2f}{x['p99_ms']:>11,.2f}")
    lines.append("")
    for x in ratios(runs):
        lines.append(f"Skald ({x['skald_in_flight']:,} in flight) ÷ {NAMES[x['against']]} "
                     f"({x['postgres_clients']:,} clients): {x['ratio']:.2f}"
                     f"   (by round: {x['lowest']:.2f} to {x['highest']:.2f})")
    return "\n".join(lines)
