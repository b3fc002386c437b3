"""What is measured: each row runs programs and gives what they said, a list for each kind of run.

Runs that are compared take turns, so that a slow moment of the machine hits both."""

import dataclasses
import pathlib
import statistics
import subprocess
import time

import growth
from programs import ROOT, Failure, json_of, run, say, scratch

IN_FLIGHT_SWEEP = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048]


@dataclasses.dataclass
class Sizes:
    accounts: int = 100_000
    transfers: int = 300_000
    in_flight: int = 2048
    one_in_flight_transfers: int = 2_000
    seconds: int = 20             # of a run at a steady rate
    sweep: tuple = tuple(IN_FLIGHT_SWEEP)
    sweep_seconds: int = 5
    many_accounts: int = 10_000_000
    large_journal_events: int = 50_000_000
    steady_seconds: int = 1800
    kill_after_events: int = 10_000_000


QUICK = Sizes(accounts=2_000, transfers=4_000, in_flight=256, one_in_flight_transfers=50,
              seconds=2, sweep=(1, 16, 256), sweep_seconds=1, many_accounts=20_000,
              large_journal_events=100_000, steady_seconds=6, kill_after_events=20_000)


class Suite:
    """What a row measures with."""

    def __init__(self, programs, results, runs, sizes):
        self.programs = programs
        self.results = results
        self.runs = runs
        self.sizes = sizes
        self.commands = []

    def transfer(self, *options, store=None, folder=None):
        """One run of `skald bench transfer`: in a new store, or in `store`."""
        words = ["bench", "transfer", *options]
        self.note(["skald", *words])
        place = ["--store", store] if store else []
        if folder:
            return json_of([self.programs.skald, "--json", *place, *words], folder, 14_400)
        with scratch() as new:
            return json_of([self.programs.skald, "--json", *place, *words], new, 14_400)

    def base(self, in_flight=None):
        return ["--accounts", self.sizes.accounts, "--in-flight",
                in_flight or self.sizes.in_flight]

    def messages_per_second(self):
        """CAF's bare message loop."""
        with scratch() as folder:
            found = json_of([self.programs.benchmarks, "--benchmark_filter=^pass_messages/1024/",
                             "--benchmark_min_time=0.5", "--benchmark_format=json"], folder)
        return {"messages_per_second": found["benchmarks"][0]["items_per_second"]}

    def verify(self, store):
        """Reads the whole store and fails if anything in it is wrong."""
        run([self.programs.skald, "--store", store, "verify"], ROOT, 14_400)

    def note(self, words):
        command = " ".join(str(each) for each in words)
        if command not in self.commands:
            self.commands.append(command)

    def peak(self):
        """Transfers per second of the row `orchestrated`, which is measured if it was not."""
        found = self.results.data("orchestrated")
        if found is None:
            data, commands = measure("orchestrated", self)
            self.results.keep("orchestrated", data, commands, self.runs)
            found = data
        return statistics.median(each["transfers_per_second"] for each in found["transfers"])


def repeated(suite, *kinds):
    """Runs each kind, a name and a function, in turn, as often as is wanted."""
    data = {name: [] for name, _ in kinds}
    for i in range(suite.runs):
        for name, once in kinds:
            say(f"run {i + 1} of {suite.runs}: {name}")
            data[name].append(once())
    return data


# -- the rows


def orchestrated(suite):
    return throughput(suite)


def choreographed(suite):
    return throughput(suite, "--choreography")


def throughput(suite, *options):
    """In a store of its own each, which is read again and checked at the end."""
    def once():
        with scratch() as folder:
            found = suite.transfer(*suite.base(), "--transfers", suite.sizes.transfers, *options,
                                   store="store", folder=folder)
            suite.verify(pathlib.Path(folder) / "store")
            return found
    return repeated(suite, ("transfers", once), ("caf", suite.messages_per_second))


def latency_at_quarter_load(suite):
    rate = round(suite.peak() / 4)
    return repeated(suite, ("transfers", lambda: suite.transfer(
        "--accounts", suite.sizes.accounts, "--rate", rate, "--seconds", suite.sizes.seconds)))


def latency_of_one(suite):
    return repeated(suite, ("transfers", lambda: suite.transfer(
        *suite.base(1), "--transfers", suite.sizes.one_in_flight_transfers)))


def hot_account(suite):
    load = [*suite.base(), "--transfers", suite.sizes.transfers, "--no-floor"]
    return repeated(suite, ("uniform", lambda: suite.transfer(*load)),
                    ("hot", lambda: suite.transfer(*load, "--hot", "0.5")))


def load_sweep(suite):
    """Points of the picture of load: each round on one store."""
    data = {}
    for i in range(suite.runs):
        with scratch() as folder:
            for in_flight in suite.sizes.sweep:
                say(f"round {i + 1} of {suite.runs}: {in_flight} in flight")
                found = suite.transfer(*suite.base(in_flight), "--seconds",
                                       suite.sizes.sweep_seconds, "--no-floor",
                                       store="store", folder=folder)
                data.setdefault(str(in_flight), []).append(found)
    return data


def many_accounts(suite):
    """The stores are made once: what is measured are the transfers."""
    load = ["--in-flight", suite.sizes.in_flight, "--transfers", suite.sizes.transfers,
            "--no-floor"]
    with scratch() as folder:
        def on(store, accounts):
            return lambda: suite.transfer("--accounts", accounts, *load, store=store,
                                          folder=folder)
        data = repeated(suite, ("few", on("few", suite.sizes.accounts)),
                        ("many", on("many", suite.sizes.many_accounts)))
        store = pathlib.Path(folder) / "many"
        data["ready"] = [ready_after(suite, store) for _ in range(suite.runs)]
        suite.verify(store)
        return data


def large_journal(suite):
    """Fills a store, with samples on the way, then compares it with an empty one."""
    load = [*suite.base(), "--no-floor"]
    with scratch() as folder:
        samples = pathlib.Path(folder) / "samples.csv"
        fill = suite.sizes.large_journal_events // growth.EVENTS_OF_A_TRANSFER
        say(f"filling a store with {suite.sizes.large_journal_events:,} events")
        suite.transfer(*load, "--transfers", fill, "--samples", samples.name, store="large",
                       folder=folder)
        curve = growth.read(samples)

        def empty():
            with scratch() as new:
                return suite.transfer(*load, "--transfers", suite.sizes.transfers, store="empty",
                                      folder=new)
        data = repeated(suite, ("empty", empty), ("large", lambda: suite.transfer(
            *load, "--transfers", suite.sizes.transfers, store="large", folder=folder)))
        suite.verify(pathlib.Path(folder) / "large")
        return {**data, "samples": growth.thinned(curve)}


def steady_load(suite):
    rate = round(suite.peak() / 4)
    with scratch() as folder:
        found = suite.transfer("--accounts", suite.sizes.accounts, "--rate", rate, "--seconds",
                               suite.sizes.steady_seconds, "--no-floor", "--samples",
                               "samples.csv", store="store", folder=folder)
        suite.verify(pathlib.Path(folder) / "store")
        curve = growth.read(pathlib.Path(folder) / "samples.csv")
    return {"transfers": [found], "growth": [growth.judged(curve)],
            "samples": growth.thinned(curve)}


def ready_after_kill(suite):
    """A store in which many events lie, killed in the middle of transfers."""
    with scratch() as folder:
        store = pathlib.Path(folder) / "store"
        fill = suite.sizes.kill_after_events // growth.EVENTS_OF_A_TRANSFER
        suite.transfer(*suite.base(), "--transfers", fill, "--no-floor", store="store",
                       folder=folder)
        times = []
        for i in range(suite.runs):
            say(f"run {i + 1} of {suite.runs}: kill")
            kill_in_the_middle(suite, store)
            times.append(ready_after(suite, store))
        suite.verify(store)
        return {"ready": times}


def kill_in_the_middle(suite, store):
    samples = store.parent / "samples.csv"
    samples.unlink(missing_ok=True)
    words = [suite.programs.skald, "--store", store, "bench", "transfer", *suite.base(),
             "--seconds", 3600, "--samples", samples]
    running = subprocess.Popen([str(each) for each in words], stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE)
    try:
        # Two lines of samples: it has been at it for two seconds.
        while not samples.exists() or samples.read_text().count("\n") < 3:
            if running.poll() is not None:
                raise Failure("the load to be killed has ended by itself: "
                              + running.stderr.read().decode().strip())
            time.sleep(0.05)
    finally:
        running.kill()
        running.wait()
        running.stderr.close()


def ready_after(suite, store):
    """Seconds from the start of a process to its first answer from the store."""
    words = ["skald", "show", "account", "1"]
    suite.note(words)
    start = time.monotonic()
    with subprocess.Popen([suite.programs.skald, "--store", str(store), *words[1:]],
                          stdout=subprocess.PIPE) as process:
        first = process.stdout.readline()
        ready = time.monotonic() - start
        process.stdout.read()
    if process.returncode != 0 or not first:
        raise Failure(f"the store {store} does not answer")
    return {"seconds": ready}


def postgres(suite):
    """The comparison has a program of its own, which takes turns by itself."""
    script = ROOT / "benchmarks" / "compare-postgres"
    if not script.exists():
        raise Failure(f"{script} is not there")
    with scratch() as folder:
        pathlib.Path(folder).chmod(0o755)  # PostgreSQL runs as a user of its own
        out = pathlib.Path(folder) / "comparison.json"
        words = [script, "--skald", suite.programs.skald, "--accounts", suite.sizes.accounts,
                 "--rounds", suite.runs, "--seconds", suite.sizes.seconds, "--json", out]
        suite.note(["benchmarks/compare-postgres", "--accounts", suite.sizes.accounts, "--rounds",
                    suite.runs, "--seconds", suite.sizes.seconds])
        run(words, folder, 14_400)
        return json_of(["cat", out], folder)


def small_parts(suite):
    """All of Google Benchmark's, each as often as is wanted, in random order."""
    words = [f"--benchmark_repetitions={suite.runs}", "--benchmark_format=json",
             "--benchmark_enable_random_interleaving=true"]
    suite.note(["benchmarks/skald_benchmarks", *words])
    with scratch() as folder:
        found = json_of([suite.programs.benchmarks, *words], folder, 14_400)
    data = {}
    for each in found["benchmarks"]:
        if each["run_type"] == "iteration":
            data.setdefault(each["run_name"], []).append(each)
    return data


ROWS = {"orchestrated": orchestrated, "choreographed": choreographed,
        "latency-quarter": latency_at_quarter_load, "latency-one": latency_of_one,
        "hot-account": hot_account, "load": load_sweep, "small-parts": small_parts,
        "postgres": postgres, "ready-after-kill": ready_after_kill,
        "many-accounts": many_accounts, "large-journal": large_journal,
        "steady-load": steady_load}

# They take hours or tens of gigabytes.
LARGE = ["ready-after-kill", "many-accounts", "large-journal", "steady-load"]


def measure(name, suite):
    """The data of a row and the command lines that gave it."""
    suite.commands = []
    return ROWS[name](suite), suite.commands
