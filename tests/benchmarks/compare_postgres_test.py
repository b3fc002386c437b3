"""The comparison with PostgreSQL, as far as it goes without PostgreSQL."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

BENCHMARKS = pathlib.Path(__file__).resolve().parents[2] / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))

from postgres import installation, postgres_runs, report, skald_runs  # noqa: E402
from postgres.cluster import settings_for  # noqa: E402
from postgres.latency import percentile  # noqa: E402
from postgres.problem import Mismatch, Problem  # noqa: E402

PRINTED = """pgbench (15.18 (Debian 15.18-0+deb12u1))
transaction type: plain_client.sql
number of clients: 64
number of transactions actually processed: 4
number of failed transactions: 0 (0.000%)
latency average = 9.713 ms
initial connection time = 95.500 ms
tps = 2.500000 (without initial connection time)
"""


def run_of(system, in_flight, number, rate, p50=1.0, p99=2.0):
    return {"system": system, "in_flight": in_flight, "round": number,
            "transfers_per_second": rate, "p50_ms": p50, "p99_ms": p99}


RUNS = [
    run_of("skald", 1, 1, 500.0), run_of("skald", 2048, 1, 30_000.0, 60.0, 90.0),
    run_of("plain", 16, 1, 4_000.0), run_of("plain", 64, 1, 5_000.0),
    run_of("saga", 64, 1, 1_500.0),
    run_of("skald", 1, 2, 700.0), run_of("skald", 2048, 2, 34_000.0, 70.0, 110.0),
    run_of("plain", 16, 2, 5_000.0), run_of("plain", 64, 2, 3_000.0),
    run_of("saga", 64, 2, 1_700.0),
]


class ArgumentsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def call(self, *arguments):
        return subprocess.run([sys.executable, BENCHMARKS / "compare-postgres",
                               *map(str, arguments)], capture_output=True, text=True,
                              cwd=self.folder, timeout=60, check=False)

    def assert_refused(self, exit_code, said, *arguments):
        done = self.call(*arguments)
        self.assertEqual(done.returncode, exit_code, done.stdout + done.stderr)
        self.assertEqual(done.stdout, "")
        self.assertIn(said, done.stderr)
        self.assertNotIn("Traceback", done.stderr)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_help_shows_an_example(self):
        done = self.call("--help")
        self.assertEqual(done.returncode, 0)
        self.assertIn("benchmarks/compare-postgres --json build/comparison.json", done.stdout)

    def test_numbers_out_of_range_are_refused(self):
        self.assert_refused(2, "0 is not from 1 to 3600", "--seconds", 0)
        self.assert_refused(2, "1 is not from 2 to", "--accounts", 1)
        self.assert_refused(2, "2000 is not from 1 to 1000", "--clients", "16,2000")

    def test_what_is_no_number_is_refused(self):
        self.assert_refused(2, "'many' is not a whole number", "--rounds", "many")
        self.assert_refused(2, "'' is not a whole number", "--in-flight", "1,")

    def test_an_unknown_option_is_refused(self):
        self.assert_refused(2, "--second", "--second", 3)

    def test_a_missing_program_is_named_and_how_to_build_it(self):
        self.assert_refused(1, "there is no program nowhere/skald: build it with", "--skald",
                            "nowhere/skald")

    def test_a_missing_folder_is_named(self):
        self.assert_refused(1, "--folder nowhere is not a folder", "--skald", sys.executable,
                            "--folder", "nowhere")

    def test_a_json_file_that_cannot_be_written_is_named_before_anything_runs(self):
        self.assert_refused(1, "--json nowhere/x.json", "--skald", sys.executable, "--json",
                            "nowhere/x.json")
        self.assert_refused(1, "name a file", "--skald", sys.executable, "--json", self.folder)


class InstallationTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.said = []

    def add_version(self, version, programs):
        folder = self.folder / version / "bin"
        folder.mkdir(parents=True)
        for program in programs:
            (folder / program).touch(mode=0o755)
        return folder

    def test_the_highest_version_that_is_complete_is_found(self):
        self.add_version("9", installation.PROGRAMS)
        expected = self.add_version("15", installation.PROGRAMS)
        self.add_version("16", ["psql"])
        self.assertEqual(installation.find_programs(self.folder), expected)

    def test_without_apt_it_says_what_to_install(self):
        with mock.patch.object(installation, "find_programs", return_value=None), \
                mock.patch.object(installation.shutil, "which", return_value=None), \
                self.assertRaisesRegex(Problem, "there is no apt-get here"):
            installation.find_or_install(self.said.append)

    def test_without_root_it_says_what_root_has_to_run(self):
        with mock.patch.object(installation.os, "geteuid", return_value=1000), \
                mock.patch.object(installation.shutil, "which", return_value=None), \
                self.assertRaisesRegex(Problem, "apt-get install postgresql"):
            installation.as_root()

    def test_a_failed_installation_is_told(self):
        failed = subprocess.CompletedProcess([], 100, "", "E: no such mirror\n")
        with mock.patch.object(installation, "find_programs", return_value=None), \
                mock.patch.object(installation.shutil, "which", return_value="/usr/bin/it"), \
                mock.patch.object(installation.subprocess, "run", return_value=failed), \
                self.assertRaisesRegex(Problem, "E: no such mirror"):
            installation.find_or_install(self.said.append)

    def test_the_server_has_a_quarter_of_the_memory_up_to_2_gib(self):
        self.assertEqual(settings_for(4_000, 64)["shared_buffers"], "1000MB")
        self.assertEqual(settings_for(64_000, 64)["shared_buffers"], "2048MB")

    def test_the_server_takes_all_clients(self):
        self.assertEqual(settings_for(4_000, 64)["max_connections"], 100)
        self.assertGreater(settings_for(4_000, 500)["max_connections"], 500)


class FiguresTest(unittest.TestCase):
    def test_a_percentile_is_a_value_that_was_measured(self):
        self.assertEqual(percentile([4.0, 1.0, 3.0, 2.0], 50), 2.0)
        self.assertEqual(percentile([4.0, 1.0, 3.0, 2.0], 99), 4.0)
        self.assertEqual(percentile([7.0], 50), 7.0)

    def test_the_figures_of_pgbench_are_read(self):
        self.assertEqual(postgres_runs.figures(PRINTED, [1.0, 2.0, 3.0, 4.0]), {
            "transfers": 4, "seconds": 1.6, "transfers_per_second": 2.5,
            "p50_ms": 2.0, "p99_ms": 4.0})

    def test_something_else_from_pgbench_is_told(self):
        with self.assertRaisesRegex(Problem, "unexpected:\nsegmentation fault"):
            postgres_runs.figures("segmentation fault", [])

    def test_failed_transfers_are_a_mismatch(self):
        printed = PRINTED.replace("failed transactions: 0", "failed transactions: 2")
        with self.assertRaisesRegex(Mismatch, "2 transfers failed"):
            postgres_runs.figures(printed, [1.0, 2.0, 3.0, 4.0])

    def test_transfers_that_are_not_in_the_log_are_a_mismatch(self):
        with self.assertRaisesRegex(Mismatch, "4 transfers, but has logged 1"):
            postgres_runs.figures(PRINTED, [1.0])

    def test_latencies_are_read_in_milliseconds(self):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in (("each.1", "0 0 1500 0 1700000000 1\n1 0 250 0 1700000000 2\n"),
                               ("each.1.1", "2 0 4000 0 1700000000 3\n")):
                (pathlib.Path(folder) / name).write_text(text, encoding="utf-8")
            found = postgres_runs.read_latencies(pathlib.Path(folder))
        self.assertEqual(sorted(found), [0.25, 1.5, 4.0])


class ChecksTest(unittest.TestCase):
    TOTAL = 10 * postgres_runs.OPENING_BALANCE

    def postgres_books(self, **changes):
        return {"accounts": 10, "sum": self.TOTAL, "pending": 0, "transfers": 7, "completed": 7,
                "wrong_balances": 0, "outbox": 0, "handled": 21} | changes

    def skald_reports(self, changes_of_bench=(), changes_of_verify=()):
        bench = {"transfers": 7, "completed": 7, "failed": 0, "sum_before": self.TOTAL,
                 "sum_after": self.TOTAL}
        verify = {"ok": True, "transfers": 7, "sagas_open": 0, "sagas_completed": 7,
                  "sum_of_balances": self.TOTAL}
        return bench | dict(changes_of_bench), verify | dict(changes_of_verify)

    def test_books_that_add_up_pass(self):
        postgres_runs.check(self.postgres_books(), "plain", 10, 7)
        postgres_runs.check(self.postgres_books(), "saga", 10, 7)
        skald_runs.check(*self.skald_reports(), 10, 7)

    def test_whatever_does_not_add_up_in_postgres_is_named(self):
        for name in self.postgres_books():
            books = self.postgres_books(**{name: 3})
            with self.subTest(name), self.assertRaisesRegex(Mismatch, f"{name} is 3, not"):
                postgres_runs.check(books, "saga", 10, 7)

    def test_a_transfer_that_was_acknowledged_and_is_not_there_is_a_mismatch(self):
        with self.assertRaisesRegex(Mismatch, "transfers is 7, not 8; completed is 7, not 8"):
            postgres_runs.check(self.postgres_books(), "plain", 10, 8)

    def test_whatever_does_not_add_up_in_skald_is_named(self):
        bench, verify = self.skald_reports()
        for name in bench:
            with self.subTest(name), self.assertRaisesRegex(Mismatch, f"{name} is 3, not"):
                skald_runs.check(*self.skald_reports({name: 3}), 10, 7)
        for name in verify:
            with self.subTest(name), self.assertRaisesRegex(Mismatch, f"{name} is 3, not"):
                skald_runs.check(*self.skald_reports((), {name: 3}), 10, 7)

    def test_a_figure_that_is_missing_is_a_mismatch(self):
        with self.assertRaisesRegex(Mismatch, "sum_after is None"):
            skald_runs.check({}, {}, 10, 7)


class ReportTest(unittest.TestCase):
    def test_rounds_are_summed_up_by_their_median(self):
        rows = {(x["system"], x["in_flight"]): x for x in report.summarise(RUNS)}
        self.assertEqual(len(rows), 5)
        self.assertEqual(rows["skald", 2048], {
            "system": "skald", "in_flight": 2048, "transfers_per_second": 32_000.0,
            "lowest": 30_000.0, "highest": 34_000.0, "p50_ms": 65.0, "p99_ms": 100.0, "runs": 2})

    def test_ratios_are_of_the_best_medians(self):
        plain, saga = report.ratios(RUNS)
        self.assertEqual((plain["against"], plain["skald_in_flight"], plain["postgres_clients"]),
                         ("plain", 2048, 16))  # 64 clients were the best only once
        self.assertAlmostEqual(plain["ratio"], 32_000 / 4_500)
        self.assertAlmostEqual(plain["lowest"], 34_000 / 5_000)
        self.assertAlmostEqual(plain["highest"], 30_000 / 4_000)
        self.assertAlmostEqual(saga["ratio"], 20.0)

    def test_the_table_has_a_line_for_each_and_the_ratios(self):
        lines = report.table(RUNS).splitlines()
        self.assertRegex(lines[2], r"^Skald, saga +1 +600 +500 +700 +1\.00 +2\.00$")
        self.assertRegex(lines[3], r"^Skald, saga +2,048 +32,000 +30,000 +34,000 +65\.00 +100\.00$")
        self.assertRegex(lines[4], r"^PostgreSQL, one call +16 +4,500")
        self.assertEqual(lines[-2], "Skald (2,048 in flight) ÷ PostgreSQL, one call (16 clients): "
                                    "7.11   (by round: 6.80 to 7.50)")
        self.assertIn("÷ PostgreSQL, saga of four (64 clients): 20.00", lines[-1])


class SkaldRunsTest(unittest.TestCase):
    """Against a program that plays `skald`."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def runs_of(self, script):
        program = self.folder / "skald"
        program.write_text(f"#!{sys.executable}\nimport json, sys\n{script}\n", encoding="utf-8")
        os.chmod(program, 0o755)
        return skald_runs.SkaldRuns(program, self.folder, accounts=2, seconds=3)

    def test_the_number_of_transfers_follows_from_a_trial(self):
        total = 2 * postgres_runs.OPENING_BALANCE
        runs = self.runs_of(f"""
if "verify" in sys.argv:
    number = int(open("number").read())
    print(json.dumps(dict(ok=True, transfers=number, sagas_open=0, sagas_completed=number,
                          sum_of_balances={total})))
else:
    number = int(sys.argv[sys.argv.index("--transfers") + 1])
    open("number", "w").write(str(number))
    print(json.dumps(dict(transfers=number, completed=number, failed=0, sum_before={total},
                          sum_after={total}, transfers_per_second=1234.0, p50_ms=1, p99_ms=2)))""")
        self.assertEqual(runs.run(64)["transfers"], 3_702)
        self.assertEqual(runs.run(2048)["seconds"], 3.0)

    def test_what_skald_complains_of_is_told(self):
        with self.assertRaisesRegex(Problem, "ended with 1: skald: no space"):
            self.runs_of("sys.exit('skald: no space')").run(1)

    def test_a_sum_that_skald_finds_wrong_is_a_mismatch(self):
        with self.assertRaisesRegex(Mismatch, "the sum is wrong"):
            self.runs_of("print('{}'); sys.exit('the sum is wrong')").run(1)


if __name__ == "__main__":
    unittest.main()
