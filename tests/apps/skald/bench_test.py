from program import ProgramTest

SMALL = ("bench", "transfer", "--accounts", "50", "--in-flight", "8")


class Bench(ProgramTest):
    def test_a_run_reports_its_speed_its_latency_and_what_it_took(self):
        found = self.json_of(*SMALL, "--transfers", "200")
        self.assertEqual(found["transfers"], 200)
        self.assertEqual(found["completed"] + found["failed"], 200)
        self.assertEqual(found["sum_before"], found["sum_after"])
        for figure in ("seconds", "transfers_per_second", "p50_ms", "p99_ms", "commit_p50_ms",
                       "commit_p99_ms", "p50_commits", "p99_commits", "processor_seconds",
                       "processor_us_per_transfer", "rss_mib", "floor_events_per_second",
                       "floor_ratio"):
            with self.subTest(figure=figure):
                self.assertGreater(found[figure], 0)
        # Every event of the transfer is on disk, and some more about it.
        self.assertGreater(found["store_bytes_per_transfer"], 500)
        self.assertLessEqual(found["commit_p50_ms"], found["commit_p99_ms"])
        self.assertAlmostEqual(found["p50_commits"], found["p50_ms"] / found["commit_p50_ms"], 2)

    def test_the_table_has_the_same_figures(self):
        text = self.succeed(*SMALL, "--transfers", "50")
        for label in ("transfers per second", "commit p50, ms", "latency p99, in median commits",
                      "processor time per transfer, us", "bytes on disk per transfer",
                      "share of the floor"):
            self.assertIn(label, text)

    def test_the_floor_may_be_left_out(self):
        found = self.json_of(*SMALL, "--transfers", "50", "--no-floor")
        self.assertNotIn("floor_ratio", found)
        self.assertNotIn("floor", self.succeed(*SMALL, "--transfers", "50", "--no-floor"))

    def test_a_run_of_a_time_at_a_rate_sends_what_the_two_come_to(self):
        found = self.json_of(*SMALL, "--seconds", "1", "--rate", "100")
        self.assertEqual(found["transfers"], 100)
        self.assertGreaterEqual(found["seconds"], 0.99)

    def test_a_run_with_a_hot_account_keeps_every_unit_of_money(self):
        found = self.json_of(*SMALL, "--transfers", "300", "--hot", "0.5")
        self.assertEqual(found["transfers"], 300)
        self.assertEqual(found["sum_before"], found["sum_after"])

    def test_samples_of_a_run_are_lines_of_csv_that_end_with_its_last_state(self):
        self.succeed(*SMALL, "--transfers", "200", "--samples", "samples.csv")
        lines = (self.folder / "samples.csv").read_text().splitlines()
        self.assertEqual(lines[0], "seconds,transfers,resident_kib,store_bytes,journal_position")
        seconds, transfers, resident, store, position = map(float, lines[-1].split(","))
        self.assertGreater(seconds, 0)
        self.assertEqual(transfers, 200)
        self.assertGreater(resident, 1_000)
        self.assertGreater(store, 4_096)
        self.assertGreaterEqual(position, 50 + 200 * 4)

    def test_samples_that_cannot_be_written_end_the_run_before_it_begins(self):
        said = self.fail_with(1, *SMALL, "--samples", "nowhere/samples.csv", "--store", "bank")
        self.assertIn("nowhere/samples.csv", said)
        self.assertFalse((self.folder / "bank").exists())

    def test_options_that_make_no_sense_are_refused(self):
        for arguments, why in (
                (("--hot", "1.5"), "--hot"),
                (("--hot", "-0.1"), "--hot"),
                (("--hot", "much"), "much"),
                (("--rate", "0"), "--rate"),
                (("--rate", "-5"), "--rate"),
                (("--seconds", "0"), "--seconds"),
                (("--seconds", "5", "--transfers", "5"), "--transfers"),
                (("--in-flight", "0"), "--in-flight"),
                (("--accounts", "1"), "--accounts")):
            with self.subTest(arguments=arguments):
                self.assertIn(why, self.fail_with(2, "bench", "transfer", *arguments))
