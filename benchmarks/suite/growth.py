"""How a store and a process grow: the lines that `skald bench transfer --samples` writes."""

import csv
import statistics

# Orchestrated or not, a transfer that completes has so many.
EVENTS_OF_A_TRANSFER = 8

POINTS_KEPT = 300


def read(path):
    """The samples, each with its figures as numbers."""
    with open(path, encoding="utf-8", newline="") as file:
        return [{name: float(value) for name, value in line.items()}
                for line in csv.DictReader(file)]


def thinned(samples):
    """As many as a picture needs, the last among them."""
    step = len(samples) // POINTS_KEPT + 1
    return samples[:-1:step] + samples[-1:]


def slope(samples, figure, per):
    """Growth of one figure with another, by least squares."""
    across = [each[per] for each in samples]
    up = [each[figure] for each in samples]
    middle, height = statistics.fmean(across), statistics.fmean(up)
    spread = sum((x - middle) ** 2 for x in across)
    return sum((x - middle) * (y - height) for x, y in zip(across, up)) / spread if spread else 0


def judged(samples):
    """Does the store grow with the transfers and memory not at all? Each figure compares the end
    of the run with its beginning, the first tenth of which is left out: caches fill."""
    settled = samples[len(samples) // 10:]
    third = max(len(settled) // 3, 2)
    first, last = settled[:third], settled[-third:]
    return {
        "store_bytes_per_transfer": slope(settled, "store_bytes", "transfers"),
        "store_growth_last_to_first": slope(last, "store_bytes", "transfers")
                                      / (slope(first, "store_bytes", "transfers") or 1),
        "resident_last_to_first": statistics.median(each["resident_kib"] for each in last)
                                  / statistics.median(each["resident_kib"] for each in first),
        "resident_mib": last[-1]["resident_kib"] / 1024,
    }


def throughput(samples):
    """(position in the journal, transfers per second) between each two samples."""
    return [(now["journal_position"],
             (now["transfers"] - before["transfers"]) / (now["seconds"] - before["seconds"]))
            for before, now in zip(samples, samples[1:]) if now["seconds"] > before["seconds"]]
