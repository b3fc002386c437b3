"""Settings whose best value depends on the machine."""

from . import postgres_runs

# All are as durable as the default, which is the first.
CANDIDATES = [
    {"wal_sync_method": "fdatasync", "commit_delay": 0},
    {"wal_sync_method": "fdatasync", "commit_delay": 200},
    {"wal_sync_method": "fdatasync", "commit_delay": 1000},
    {"wal_sync_method": "open_datasync", "commit_delay": 0},
]
ROUNDS = 2


def tune(cluster, kind, accounts, clients, seconds):
    """Tries the candidates in turn. Returns what each has reached, the best first."""
    tried = [{"settings": x, "transfers_per_second": 0.0} for x in CANDIDATES]
    for _ in range(ROUNDS):
        for each in tried:
            cluster.reset(**each["settings"])
            rate = postgres_runs.run(cluster, kind, accounts, clients,
                                     seconds)["transfers_per_second"]
            each["transfers_per_second"] = max(each["transfers_per_second"], rate)
    return sorted(tried, key=lambda x: -x["transfers_per_second"])
