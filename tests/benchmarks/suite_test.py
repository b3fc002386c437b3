"""What scripts/bench makes of what it measures, without measuring."""

import pathlib
import subprocess
import sys
import tempfile
import unittest
from unittest import mock

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "benchmarks" / "suite"))

import cost  # noqa: E402
import document  # noqa: E402
import growth  # noqa: E402
import results  # noqa: E402
import rows  # noqa: E402
import table  # noqa: E402
from programs import Failure, Programs  # noqa: E402


def figures(instructions):
    one = {"instructions": instructions, "allocations_per_transfer": 100.0,
           "allocated_bytes_per_transfer": 9_000.0}
    return {style: dict(one) for style in cost.STYLES}


def samples(count, store_bytes, resident_kib):
    return [{"seconds": float(i), "transfers": 1000.0 * i, "store_bytes": float(store_bytes(i)),
             "resident_kib": float(resident_kib(i)), "journal_position": 8000.0 * i}
            for i in range(count)]


class InAFolder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)


class Table(InAFolder):
    def setUp(self):
        super().setUp()
        self.results = results.Results(self.folder)

    def line(self, what):
        return next(line for line in table.lines_of(self.results) if what in line)

    def test_a_row_that_was_not_measured_says_so(self):
        self.assertIn("not measured", self.line("one account in half"))
        for line in table.lines_of(self.results)[2:]:
            self.assertEqual(line.count("|"), 6)

    def test_a_measured_row_shows_median_and_spread_and_whether_it_reaches_its_bar(self):
        self.results.keep("hot-account", {
            "uniform": [{"transfers_per_second": x} for x in (100.0, 200.0, 100.0)],
            "hot": [{"transfers_per_second": x} for x in (50.0, 140.0, 65.0)]}, [], 3)
        line = self.line("one account in half")
        self.assertIn("0.65 [0.50 to 0.70]", line)
        self.assertIn("uniform: 100 [100 to 200] transfers/s", line)
        self.assertTrue(line.endswith("| yes |"))

    def test_a_row_above_a_bar_that_is_an_upper_limit_has_not_reached_it(self):
        self.results.keep("ready-after-kill", {"ready": [{"seconds": 2.5}]}, [], 1)
        line = self.line("kill -9")
        self.assertIn("2.50", line)
        self.assertTrue(line.endswith("| no |"))

    def test_small_parts_stand_in_their_order_with_times_in_units_that_fit(self):
        def part(family, nanoseconds):
            return [{"family_index": family, "per_family_instance_index": 0, "time_unit": "ns",
                     "real_time": nanoseconds, "items_per_second": 1e9 / nanoseconds}]
        self.results.keep("small-parts", {"fire/real_time": part(1, 2_500_000.0),
                                          "set": part(0, 0.5)}, [], 1)
        self.assertEqual(table.small_parts_of(self.results)[2:],
                         ["| `set` | 0.5 ns | 2,000,000,000 |", "| `fire` | 2.5 ms | 400 |"])

    def test_every_line_belongs_to_a_row_that_can_be_measured(self):
        for line in table.LINES:
            self.assertIn(line.row, rows.ROWS)
        for name in rows.LARGE:
            self.assertIn(name, rows.ROWS)

    def test_the_command_lines_of_a_row_are_listed(self):
        self.results.keep("hot-account", {"uniform": []}, ["skald bench", "skald bench --hot 1"], 5)
        text = "\n".join(table.commands_of(self.results, ["hot-account", "load"]))
        self.assertIn("`skald bench`<br>`skald bench --hot 1` | 5 |", text)
        self.assertIn("| `load` | | | not measured | |", text)


class Growth(InAFolder):
    def test_steady_growth_of_the_store_and_flat_memory_are_recognised(self):
        found = growth.judged(samples(100, lambda i: 10_000 + 1_500_000 * i, lambda i: 300_000))
        self.assertAlmostEqual(found["store_bytes_per_transfer"], 1500)
        self.assertAlmostEqual(found["store_growth_last_to_first"], 1)
        self.assertAlmostEqual(found["resident_last_to_first"], 1)

    def test_a_store_that_grows_faster_and_faster_and_a_leak_show(self):
        found = growth.judged(samples(100, lambda i: 1000 * i * i, lambda i: 1000 * i))
        self.assertGreater(found["store_growth_last_to_first"], 2)
        self.assertGreater(found["resident_last_to_first"], 2)

    def test_throughput_is_that_between_two_samples(self):
        found = growth.throughput(samples(4, lambda i: i, lambda i: i))
        self.assertEqual(found, [(8000.0, 1000.0), (16000.0, 1000.0), (24000.0, 1000.0)])

    def test_many_samples_are_thinned_and_the_last_is_kept(self):
        all_of_them = samples(5000, lambda i: i, lambda i: i)
        kept = growth.thinned(all_of_them)
        self.assertLessEqual(len(kept), growth.POINTS_KEPT + 1)
        self.assertEqual(kept[0], all_of_them[0])
        self.assertEqual(kept[-1], all_of_them[-1])


class Cost(unittest.TestCase):
    def record(self, lines, found, commit="abc1234", changed=""):
        said = {"log": {"--format=%h": commit, "--format=%s": "Do it|better"},
                "status": {"--porcelain": changed}}
        answer = lambda verb, *rest: next(said[verb][x] for x in rest if x in said[verb])
        with mock.patch.object(cost, "git", answer):
            return cost.new_table(lines, found)

    def test_the_first_cost_is_recorded(self):
        lines, what = self.record([], figures(150_000.4))
        self.assertEqual(lines, ["| `abc1234` | Do it/better | 150,000 | 100 | 9,000 | 150,000 "
                                 "| 100 | 9,000 |"])
        self.assertIn("abc1234", what)

    def test_a_small_change_is_not_recorded_and_a_large_one_is(self):
        first, _ = self.record([], figures(150_000))
        same, what = self.record(first, figures(144_000), "def5678")
        self.assertEqual(same, first)
        self.assertIn("4.0%", what)
        both, _ = self.record(first, figures(140_000), "def5678")
        self.assertEqual(both[0], first[0])
        self.assertIn("`def5678`", both[1])

    def test_a_commit_that_is_measured_again_replaces_its_line(self):
        first, _ = self.record([], figures(150_000))
        again, _ = self.record(first, figures(151_000))
        self.assertEqual(len(again), 1)
        self.assertIn("151,000", again[0])

    def test_changes_that_are_not_committed_are_not_recorded(self):
        lines, what = self.record([], figures(150_000), changed=" M actors/entity.cpp")
        self.assertEqual(lines, [])
        self.assertIn("not committed", what)


class Profile(unittest.TestCase):
    def test_the_cost_of_calls_is_not_that_of_the_caller(self):
        found = cost.by_function("fn=(1) main\n5 100\ncfn=(2) work\ncalls=3 9\n6 900\n+1 20\n"
                                 "fn=(2)\n9 900\n* 5\n")
        self.assertEqual(dict(found), {"main": 120, "work": 905})


class Document(InAFolder):
    def test_what_stands_outside_the_markers_stays(self):
        first, last = document.markers("table")
        text = f"by hand\n{first}\nold\n{last}\nby hand, too\n"
        self.assertEqual(document.replace(text, "table", ["new", "lines"]),
                         f"by hand\n{first}\nnew\nlines\n{last}\nby hand, too\n")

    def test_a_document_without_the_markers_is_an_error_that_names_them(self):
        with self.assertRaisesRegex(Failure, "table: written by scripts/bench"):
            document.replace("by hand\n", "table", [])

    def test_the_document_can_be_written_from_nothing_measured(self):
        out = self.folder / "performance.md"
        document.write(results.Results(self.folder), [], out)
        self.assertIn("not measured", out.read_text(encoding="utf-8"))

    def test_results_are_found_again_as_they_were_kept(self):
        kept = results.Results(self.folder)
        kept.keep("load", {"1": [{"p50_ms": 0.5}]}, ["skald bench transfer"], 5)
        self.assertEqual(kept.data("load"), {"1": [{"p50_ms": 0.5}]})
        self.assertIsNone(kept.find("hot-account"))


class Calls(InAFolder):
    def call(self, *arguments):
        return subprocess.run([sys.executable, "-B", ROOT / "scripts" / "bench", *arguments],
                              capture_output=True, text=True, check=False, timeout=60)

    def test_a_row_that_does_not_exist_is_refused_with_the_rows_that_do(self):
        done = self.call("--only", "moon")
        self.assertEqual(done.returncode, 2)
        self.assertIn("'moon'", done.stderr)
        self.assertIn("hot-account", done.stderr)

    def test_runs_that_are_no_number_are_refused(self):
        for runs in ("0", "-1", "many", "1000"):
            with self.subTest(runs=runs):
                done = self.call("--runs", runs)
                self.assertEqual(done.returncode, 2)
                self.assertIn(runs, done.stderr)

    def test_a_build_that_is_not_there_is_an_error_that_says_how_to_make_it(self):
        with self.assertRaisesRegex(Failure, "SKALD_BENCHMARKS=ON"):
            Programs(self.folder)


if __name__ == "__main__":
    unittest.main()
