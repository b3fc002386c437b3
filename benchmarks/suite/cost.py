"""Instructions and allocations of a transfer: a cost that does not depend on the machine's mood."""

import collections
import re
import subprocess

from programs import RESULTS, ROOT, Failure, json_of, need, run, say, scratch

ACCOUNTS = 10_000
TRANSFERS = 10_000
IN_FLIGHT = 64

# All that happens between the first transfer and the moment when nothing is under way.
MEASURED = "skald::bench_driver::run()"

STYLES = {"orchestrated": [], "choreographed": ["--choreography"]}
FIGURES = {"instructions": "instructions", "allocations_per_transfer": "allocations",
           "allocated_bytes_per_transfer": "bytes"}
CHANGE_WORTH_RECORDING = 0.05

# What makes the programs. A change there that is not committed has no name to be recorded under.
SOURCES = ["messages", "persistence", "actors", "apps", "benchmarks", "cmake", "CMakeLists.txt"]


def measure(programs):
    """The figures of each style."""
    need("valgrind", "counting instructions")
    return {style: {"instructions": instructions(programs, style), **allocations(programs, style)}
            for style in STYLES}


def load(style):
    return ["--accounts", ACCOUNTS, "--transfers", TRANSFERS, "--in-flight", IN_FLIGHT,
            *STYLES[style]]


def instructions(programs, style):
    say(f"instructions, {style}: under valgrind, which takes a minute or more")
    out = RESULTS / f"callgrind.{style}"
    for old in RESULTS.glob(f"{out.name}*"):
        old.unlink()
    with scratch() as folder:
        run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}",
             f"--dump-before={MEASURED}", f"--dump-after={MEASURED}", programs.skald, "bench",
             "transfer", "--seed", 1, *load(style)], folder)
    # The parts: what came before, what is measured, what came behind.
    part = out.with_name(out.name + ".2")
    if not part.exists():
        raise Failure(f"callgrind has not seen {MEASURED}: was it inlined or stripped?")
    found = by_function(part.read_text(encoding="utf-8"))
    profile = RESULTS / f"profile.{style}.txt"
    profile.write_text("".join(f"{count / TRANSFERS:>12,.1f}  {name}\n"
                               for name, count in found.most_common()), encoding="utf-8")
    say(f"where they go, in each function itself: {profile.relative_to(ROOT)}")
    return sum(found.values()) / TRANSFERS


def by_function(text):
    """The cost that each function has itself. callgrind_annotate cannot read a part that begins
    in the middle of calls."""
    costs = collections.Counter()
    names = {}
    function = None
    is_call = False
    for line in text.splitlines():
        if named := re.match(r"c?fn=(\(\d+\))(?: (.*))?", line):
            if named[2]:
                names[named[1]] = named[2].strip()
            if not line.startswith("c"):
                function = named[1]
        elif line.startswith("calls="):
            is_call = True  # the next line has the cost of what is called
        elif cost := re.match(r"[+\-*\d]\S* (\d+)$", line):
            if not is_call:
                costs[function] += int(cost[1])
            is_call = False
    named_costs = collections.Counter()
    for each, count in costs.items():
        named_costs[names.get(each, each)] += count
    return named_costs


def allocations(programs, style):
    say(f"allocations, {style}")
    with scratch() as folder:
        found = json_of([programs.allocations, *load(style)], folder)
    return {figure: found[figure] for figure in list(FIGURES)[1:]}


def text_of(figures):
    lines = [f"{'per transfer':<16}" + "".join(f"{name:>16}" for name in FIGURES.values())]
    for style, found in figures.items():
        lines.append(f"{style:<16}"
                     + "".join(f"{found[figure]:>16,.1f}" for figure in FIGURES))
    return "\n".join(lines)


# -- the table in the document: a line for each commit


def cells_of(figures):
    return [f"{figures[style][figure]:,.0f}" for style in STYLES for figure in FIGURES]


def parsed(line):
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def numbers(cells):
    return [int(cell.replace(",", "")) for cell in cells[-len(STYLES) * len(FIGURES):]]


def new_table(table, figures):
    """The lines of `table`, with the figures of this commit if they are to be recorded, and why or
    why not."""
    commit, subject = git("log", "-1", "--format=%h"), git("log", "-1", "--format=%s")
    if git("status", "--porcelain", "--", *SOURCES):
        return table, "not recorded: there are changes that are not committed"
    line = "| " + " | ".join([f"`{commit}`", subject.replace("|", "/"), *cells_of(figures)]) + " |"
    others = [each for each in table if parsed(each)[0] != f"`{commit}`"]
    if others:
        change = max(abs(now - then) / max(then, 1) for then, now in
                     zip(numbers(parsed(others[-1])), numbers(parsed(line))))
        if change <= CHANGE_WORTH_RECORDING and len(others) == len(table):
            return table, f"not recorded: within {change:.1%} of the last that is"
    return others + [line], f"recorded for commit {commit}"


def git(*arguments):
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True,
                          check=True).stdout.strip()
