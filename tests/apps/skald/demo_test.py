import json
import shlex

from program import ProgramTest


class Demo(ProgramTest):
    def test_the_story_is_told_and_leads_on(self):
        text = self.succeed("demo")
        for part in ("AccountOpened 1000.00", "by orchestration", "by choreography",
                     "TransferCompleted", "insufficient funds", "DepositCancelled",
                     "deadline passed",
                     "refused: the step 'withdraw' was cancelled before it arrived",
                     "1250.00  as at the beginning"):
            self.assertIn(part, text)
        self.assertNotIn("\x1b", text)
        following = text[text.index("Try next"):].splitlines()[1:]
        self.assertEqual(len(following), 3)
        for command in following:
            program, *arguments = shlex.split(command)
            self.succeed(*arguments, program=program)
        self.assertEqual(self.assert_intact()["sagas_open"], 0)

    def test_it_can_be_told_again_on_another_store(self):
        self.succeed("demo")
        before = self.json_of("verify")
        text = self.succeed("demo")
        self.assertIn("skald-store holds data already, so the demo uses skald-store-2", text)
        self.assertIn("--store skald-store-2 verify", text)
        self.assertEqual(self.json_of("verify"), before)

    def test_a_store_that_was_named_and_holds_data_is_refused(self):
        self.succeed("--store", "mine", "demo")
        self.assertIn("mine holds data already", self.fail_with(1, "--store", "mine", "demo"))

    def test_the_story_is_there_for_programs_too(self):
        lines = self.json_lines_of("demo")
        chapters = [line["chapter"] for line in lines if "chapter" in line]
        self.assertEqual(len(chapters), 5)
        turns = [line for line in lines if "stream" in line]
        self.assertEqual(turns[0]["events"][0]["type"], "AccountOpened")
        self.assertEqual([turn["position"] for turn in turns], list(range(1, len(turns) + 1)))
        end = lines[-1]
        self.assertEqual(end["balances"], {"alice": 75000, "bob": 33000, "carol": 17000})
        self.assertEqual(end["sum_before"], end["sum_after"])

    def test_each_account_is_left_as_the_story_says(self):
        self.succeed("demo")
        listed = [json.loads(line) for line in
                  self.succeed("--json", "list", "transfer").splitlines()]
        self.assertEqual([line["status"] for line in listed],
                         ["completed", "completed", "cancelled", "cancelled"])
