import json
import os
import pwd
import re
import resource
import shutil

from program import PROGRAM, ProgramTest, as_lines, open_account

READERS = (("show", "account", "A-1"), ("list", "account"), ("verify",))


def limit_file_size(size=4096):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


class Store(ProgramTest):
    def fill(self, count=1):
        self.run_lines([open_account(f"A-{i}", 5) for i in range(1, count + 1)])

    def files(self):
        return {path.relative_to(self.store): path.read_bytes()
                for path in sorted(self.store.rglob("*")) if path.is_file()}

    def test_readers_do_not_make_a_store(self):
        for arguments in READERS:
            with self.subTest(arguments=arguments):
                self.assertIn("skald-store", self.fail_with(1, *arguments))
                self.assertFalse(self.store.exists())

    def test_a_store_in_use_is_refused_with_the_process_that_has_it(self):
        child = self.start_run()
        child.stdin.write(as_lines([open_account("A-1", 5)]).encode())
        child.stdin.flush()
        child.stdout.readline()
        for arguments in READERS + (("send", "account", "A-1", "CloseAccount"),):
            with self.subTest(arguments=arguments):
                self.assertIn(f"in use by process {child.pid}", self.fail_with(1, *arguments))

    def test_a_folder_that_may_not_be_written_is_refused(self):
        self.fill()
        program = shutil.copy(PROGRAM, self.folder / "skald-copy")
        options = {}
        if os.geteuid() == 0:  # whom no permission stops
            options = {"user": pwd.getpwnam("nobody").pw_uid}
        os.chmod(self.folder, 0o755)
        for path in [self.store, *self.store.rglob("*")]:
            os.chmod(path, 0o555 if path.is_dir() else 0o444)
        before = self.files()
        self.assertIn("write permission",
                      self.fail_with(1, "show", "account", "A-1", program=program, **options))
        self.assertIn("write permission",
                      self.fail_with(1, "--store", "new", "send", "account", "A-1", "CloseAccount",
                                     program=program, **options))
        self.assertEqual(self.files(), before)
        os.chmod(self.store, 0o755)

    def test_a_full_disk_is_named_and_leaves_the_store_as_it_was(self):
        self.assertIn("free some space",
                      self.fail_with(1, "send", "account", "A-1", "OpenAccount",
                                     '{"opening_balance": 5}', preexec_fn=limit_file_size))
        self.fill()
        self.assertIn("free some space",
                      self.fail_with(1, "send", "account", "A-2", "OpenAccount",
                                     '{"opening_balance": 5}', preexec_fn=limit_file_size))
        self.assertEqual(self.assert_intact()["events"], 1)
        self.assertEqual(self.balance("A-1"), 5)

    def test_a_run_stops_when_the_disk_is_full_and_goes_on_when_it_is_not(self):
        self.fill()
        commands = [open_account(f"B-{i}", 5, message_id=f"open {i}") for i in range(50_000)]
        size = (self.store / "journal" / "data.mdb").stat().st_size + 65_536
        stopped = self.call("run", "-", stdin=as_lines(commands),
                            preexec_fn=lambda: limit_file_size(size))
        self.assertEqual(stopped.returncode, 1)
        self.assertRegex(stopped.stderr, r"line \d+ was not done: .*free some space")
        outcomes = [json.loads(line) for line in stopped.stdout.splitlines()]
        accepted = sum("outcome" in outcome for outcome in outcomes)
        self.assertLess(accepted, len(commands))
        self.assertIn("free some space", [each["error"] for each in outcomes if "error" in each][0])
        self.assertEqual(self.assert_intact()["events"], accepted + 1)
        self.assertEqual({outcome["outcome"] for outcome in self.run_lines(commands)}, {"accepted"})
        self.assertEqual(self.assert_intact()["events"], len(commands) + 1)

    def test_a_file_in_place_of_the_store_is_refused(self):
        self.store.write_text("not a store")
        for arguments in READERS + (("send", "account", "A-1", "CloseAccount"),):
            with self.subTest(arguments=arguments):
                self.assertIn("skald-store", self.fail_with(1, *arguments))
        self.assertEqual(self.store.read_text(), "not a store")

    def test_a_store_that_is_cut_short_is_refused_without_a_crash(self):
        self.fill(2_000)
        data = self.store / "journal" / "data.mdb"
        with open(data, "r+b") as file:
            file.truncate(8192)
        for arguments in READERS:
            with self.subTest(arguments=arguments):
                self.assertIn("damaged", self.fail_with(1, *arguments))

    def test_damage_inside_a_record_is_found_and_its_place_named(self):
        self.fill(50)
        data = self.store / "journal" / "data.mdb"
        content = data.read_bytes()
        self.assertIn(b"A-17", content)
        data.write_bytes(content.replace(b"A-17", b"A-71"))
        text = self.fail_with(1, "verify")
        self.assertRegex(text, r"position \d+, seemingly of account/A-71:")
        place = re.search(r"position \d+", text).group()
        done = self.call("--json", "verify")
        self.assertEqual(done.returncode, 1)
        self.assertIn('"ok":false', done.stdout)
        self.assertIn(place, done.stdout)
        self.assertIn("damage", self.fail_with(1, "show", "account", "A-17"))
