"""docs/performance.md: text by hand, and between markers what was measured."""

import cost
import rows
import table
from programs import ROOT, Failure

DOCUMENT = ROOT / "docs" / "performance.md"


def markers(name):
    return f"<!-- {name}: written by scripts/bench -->", f"<!-- end of {name} -->"


def section(text, name):
    """What stands between the markers of `name`: the text before, inside, behind."""
    first, last = markers(name)
    before, found, rest = text.partition(first + "\n")
    inside, closed, behind = rest.partition(last)
    if not found or not closed:
        raise Failure(f"{DOCUMENT.relative_to(ROOT)} lacks the lines {first} and {last}")
    return before + found, inside, closed + behind


def replace(text, name, lines):
    before, _, behind = section(text, name)
    return before + "".join(line + "\n" for line in lines) + behind


def write(results, pictures, out=DOCUMENT, remark=None):
    """Fills in what there is, with `remark` above the table. The text by hand is that of
    docs/performance.md."""
    text = DOCUMENT.read_text(encoding="utf-8")
    text = replace(text, "machine", machine_lines(results))
    text = replace(text, "table", [remark, "", *table.lines_of(results)] if remark
                   else table.lines_of(results))
    text = replace(text, "pictures", picture_lines(pictures))
    text = replace(text, "small parts", table.small_parts_of(results))
    text = replace(text, "commands", table.commands_of(results, rows.ROWS))
    out.write_text(text, encoding="utf-8")


def machine_lines(results):
    found = results.data("machine")
    if not found:
        return ["not measured"]
    return ["| | |", "| --- | --- |", *(f"| {name} | {text} |" for name, text in found.items())]


def picture_lines(pictures):
    if not pictures:
        return ["not measured"]
    lines = []
    for file, caption in pictures:
        lines += [f"![{caption}]({file.name})", ""]
    return lines[:-1]


def cost_heading():
    figures = [f"{style}: {name}" for style in cost.STYLES for name in cost.FIGURES.values()]
    return ["| " + " | ".join(["commit", "", *figures]) + " |",
            "| --- | --- |" + " ---: |" * len(figures)]


def record_cost(figures):
    """Puts the cost of this commit into its table, if it is to be. Returns what was done."""
    text = DOCUMENT.read_text(encoding="utf-8")
    _, inside, _ = section(text, "cost")
    found = [line for line in inside.splitlines() if line.startswith("| `")]
    found, what = cost.new_table(found, figures)
    DOCUMENT.write_text(replace(text, "cost", cost_heading() + found), encoding="utf-8")
    return what
