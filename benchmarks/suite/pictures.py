"""Pictures of what was measured, drawn by gnuplot."""

import statistics
import subprocess

import growth
from programs import Failure, need

STYLE = """
set terminal svg size 900,{height} font 'sans-serif,14' background '#ffffff' dynamic
set output '{file}'
set border 3 lw 1 lc rgb '#555555'
set tics nomirror
set grid lw 0.5 lc rgb '#dddddd'
set key top left reverse Left
set bmargin 4
"""

BLUE, RED, GREEN = "#1f5fa8", "#c0392b", "#2e7d32"


def draw(results, folder):
    """Draws what there are results for. Returns the pictures and their captions."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn = []
    for name, (row, caption, script) in PICTURES.items():
        data = results.data(row)
        file = folder / f"performance-{name}.svg"
        if data:
            need("gnuplot", "drawing a picture")
            plot(script(data, file), file)
        if file.exists():
            drawn.append((file, caption))
    return drawn


def plot(script, file):
    partial = file.with_suffix(".partial")
    done = subprocess.run(["gnuplot", "-"], input=script.replace(str(file), str(partial)),
                          text=True, capture_output=True, check=False)
    if done.returncode != 0:
        raise Failure(f"gnuplot cannot draw {file}: {done.stderr.strip()}")
    partial.replace(file)


def block(name, points):
    rows = "\n".join(" ".join(f"{value:.6g}" for value in point) for point in points)
    return f"${name} << end\n{rows}\nend\n"


def load(data, file):
    """Throughput and latency against transfers in flight."""
    def points(figure):
        found = []
        for in_flight, runs in sorted(data.items(), key=lambda x: int(x[0])):
            values = [run[figure] for run in runs]
            found.append((int(in_flight), statistics.median(values), min(values), max(values)))
        return found
    return (STYLE.format(height=760, file=file)
            + block("throughput", points("transfers_per_second"))
            + block("p50", points("p50_ms")) + block("p99", points("p99_ms"))
            + block("commit", points("commit_p50_ms")) + f"""
set logscale x 2
set xlabel 'transfers in flight'
set xrange [0.9:2300]
set multiplot layout 2,1
set ylabel 'transfers per second'
set yrange [0:*]
set format y "%'.0f"
plot $throughput using 1:2:3:4 with yerrorlines lw 2 pt 7 ps 0.6 lc rgb '{BLUE}' \\
  title 'durable transfers per second'
set ylabel 'milliseconds'
set logscale y 10
set yrange [*:*]
set format y '%g'
plot $p99 using 1:2:3:4 with yerrorlines lw 2 pt 7 ps 0.6 lc rgb '{RED}' title 'latency, p99', \\
  $p50 using 1:2:3:4 with yerrorlines lw 2 pt 7 ps 0.6 lc rgb '{BLUE}' title 'latency, p50', \\
  $commit using 1:2:3:4 with yerrorlines lw 2 pt 7 ps 0.6 lc rgb '{GREEN}' title 'one commit, p50'
unset multiplot
""")


def smoothed(points, window=5):
    """Each with the mean of its neighbours: a second more or less is noise."""
    half = window // 2
    result = []
    for i, (x, _) in enumerate(points):
        near = [y for _, y in points[max(i - half, 0):i + half + 1]]
        result.append((x, statistics.fmean(near)))
    return result


def journal(data, file):
    """Throughput against the size of the journal."""
    points = [(position / 1e6, rate) for position, rate in growth.throughput(data["samples"])]
    return (STYLE.format(height=420, file=file) + block("each", points)
            + block("mean", smoothed(points)) + f"""
set xlabel 'records in the journal, million'
set ylabel 'transfers per second'
set format y "%'.0f"
set yrange [0:*]
set key bottom left
plot $each with points pt 7 ps 0.3 lc rgb '#9db8d9' title 'between two samples', \\
  $mean with lines lw 2 lc rgb '{BLUE}' title 'mean of five'
""")


def growth_over_time(data, file):
    """Store and memory against time, at a steady rate."""
    store = [(each["seconds"] / 60, each["store_bytes"] / 2**30) for each in data["samples"]]
    memory = [(each["seconds"] / 60, each["resident_kib"] / 2**20) for each in data["samples"]]
    return (STYLE.format(height=420, file=file) + block("store", store)
            + block("memory", memory) + f"""
set xlabel 'minutes'
set ylabel 'GiB'
set yrange [0:*]
plot $store with lines lw 2 lc rgb '{BLUE}' title 'store on disk, indexes included', \\
  $memory with lines lw 2 lc rgb '{RED}' title 'memory of the process'
""")


PICTURES = {
    "load": ("load", "Throughput and latency against load", load),
    "journal": ("large-journal", "Throughput against the size of the journal", journal),
    "growth": ("steady-load", "Store and memory under steady load", growth_over_time),
}
