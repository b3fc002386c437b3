"""What the figures depend on: the machine, its disk, the versions."""

import os
import pathlib
import platform
import re
import statistics
import time

from programs import json_of, scratch

SYNCS = 300
SYNC_BYTES = 8192


def describe(programs):
    """Label and text of each, in order."""
    with scratch() as folder:
        syncs = sync_times_us(pathlib.Path(folder))
        versions = versions_of(programs, folder)
    return {
        "processor": first_match("/proc/cpuinfo", r"model name\s*:\s*(.*)"),
        "cores": str(len(os.sched_getaffinity(0))),
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB",
        "disk sync": f"{statistics.median(syncs):.0f} µs, p99 {percentile(syncs, 99):.0f} µs "
                     f"({SYNCS} times pwrite of 8 KiB and fdatasync, one thread)",
        "system": f"{first_match('/etc/os-release', 'PRETTY_NAME=(.*)').strip(chr(34))}, "
                  f"Linux {platform.release()}",
        **versions,
    }


def first_match(path, pattern):
    try:
        found = re.search(pattern, pathlib.Path(path).read_text(encoding="utf-8"))
    except OSError:
        found = None
    return found[1].strip() if found else "unknown"


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) * share // 100, len(ordered) - 1)]


def sync_times_us(folder):
    """As a commit writes: over a file that is long enough already."""
    block = b"x" * SYNC_BYTES
    times = []
    file = os.open(folder / "sync", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        os.ftruncate(file, SYNCS * SYNC_BYTES)
        for i in range(SYNCS):
            start = time.perf_counter()
            os.pwrite(file, block, i * SYNC_BYTES)
            os.fdatasync(file)
            times.append((time.perf_counter() - start) * 1e6)
    finally:
        os.close(file)
    return times


def versions_of(programs, folder):
    """As they are compiled into the benchmarks."""
    context = json_of([programs.benchmarks, "--benchmark_filter=^encode_cbor/event$",
                       "--benchmark_min_time=0.01", "--benchmark_format=json"], folder)["context"]
    return {name: context[name] for name in ("compiler", "CAF", "LMDB")}
