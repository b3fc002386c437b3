"""What was measured, kept as JSON: a file for each row, so that rows can be measured at different
times and the document made from what there is."""

import json
import subprocess
import time

from programs import RESULTS, ROOT


class Results:
    def __init__(self, folder=RESULTS):
        self.folder = folder
        self.folder.mkdir(parents=True, exist_ok=True)

    def path(self, name):
        return self.folder / f"{name}.json"

    def keep(self, name, data, commands, runs):
        """`data`: what each run gave, a list for each kind of run."""
        commit = subprocess.run(["git", "describe", "--always", "--dirty=+"], cwd=ROOT,
                                capture_output=True, text=True, check=False).stdout.strip()
        content = {"row": name, "commit": commit or "unknown",
                   "time": time.strftime("%Y-%m-%d %H:%M"), "commands": commands,
                   "runs": runs, "data": data}
        partial = self.path(name).with_suffix(".partial")
        partial.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
        partial.replace(self.path(name))

    def find(self, name):
        """What was kept, or nothing."""
        if not self.path(name).exists():
            return None
        return json.loads(self.path(name).read_text(encoding="utf-8"))

    def data(self, name):
        found = self.find(name)
        return found["data"] if found else None
