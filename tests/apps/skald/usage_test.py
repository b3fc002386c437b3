import subprocess

from program import PROGRAM, ProgramTest

VERBS = ("demo", "run", "send", "show", "list", "trace", "sagas", "cancel", "terminate", "retry",
         "skip", "resolve", "flow", "verify", "drive", "bench")


class Usage(ProgramTest):
    def test_every_verb_explains_itself_with_an_example(self):
        for verb in VERBS:
            with self.subTest(verb=verb):
                text = self.succeed(verb, "--help")
                self.assertIn("Example:", text)
                self.assertIn("skald", text)

    def test_the_program_explains_itself_and_lists_its_verbs(self):
        text = self.succeed("--help")
        for verb in VERBS:
            self.assertIn(f"  {verb}", text)

    def test_the_version_is_printed(self):
        self.assertRegex(self.succeed("--version"), r"^skald \d+\.\d+\.\d+\n$")

    def test_wrong_calls_end_with_2_and_say_why(self):
        for arguments, why in (
                ((), "subcommand is required"),
                (("fly",), "fly"),
                (("list",), "TYPE is required"),
                (("run",), "FILE is required"),
                (("show", "account"), "ID is required"),
                (("list", "account", "--limit", "many"), "many"),
                (("list", "account", "--limit", "-1"), "-1"),
                (("show", "account", "A-1", "--at-sequence", "0"), "at-sequence"),
                (("show", "account", "A-1", "--at-time", "noon"), "noon"),
                (("show", "account", "A-1", "--at-sequence", "1", "--at-time",
                  "2026-03-01T12:00:00Z"), "excludes"),
                (("send", "account", "A-1", "OpenAccount", "{"), "JSON"),
                (("send", "account", "A-1", "OpenAccount", "[]"), "object"),
                (("send", "account", "A-1", "CloseAccount", "--expected-version", "-1"), "-1"),
                (("send", "account", "A-1", "CloseAccount", "--correlation-id", ""), "correlation"),
                (("verify", "--wrong"), "--wrong")):
            with self.subTest(arguments=arguments):
                self.assertIn(why, self.fail_with(2, *arguments))
        self.assertFalse(self.store.exists())

    def test_global_options_may_stand_before_or_after_the_verb(self):
        self.succeed("--store", "other", "send", "account", "A-1", "OpenAccount",
                     '{"opening_balance": 5}')
        before = self.succeed("--store", "other", "--json", "show", "account", "A-1")
        after = self.succeed("show", "account", "A-1", "--store", "other", "--json")
        self.assertEqual(before, after)
        self.assertFalse(self.store.exists())

    def test_options_may_come_from_a_file(self):
        (self.folder / "options").write_text('store = "other"\njson = true\n')
        self.succeed("--config", "options", "send", "account", "A-1", "OpenAccount",
                     '{"opening_balance": 5}')
        self.assertTrue((self.folder / "other").exists())
        self.assertIn('"balance":5', self.succeed("show", "account", "A-1", "--config", "options"))

    def test_a_file_of_options_that_is_missing_or_wrong_is_an_error(self):
        self.assertIn("missing-file", self.fail_with(2, "--config", "missing-file", "verify"))
        (self.folder / "options").write_text("shop = 1\n")
        self.assertIn("shop", self.fail_with(2, "--config", "options", "verify"))

    def test_output_that_cannot_be_written_is_an_error(self):
        with open("/dev/full", "wb") as full:
            self.succeed("send", "account", "A-1", "OpenAccount", '{"opening_balance": 5}')
            done = subprocess.run([PROGRAM, "show", "account", "A-1"], stdout=full,
                                  stderr=subprocess.PIPE, cwd=self.folder, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"cannot be written", done.stderr)
