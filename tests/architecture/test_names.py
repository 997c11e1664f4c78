"""One word, one meaning: a public class is called otherwise than every other one."""

import ast
from collections import defaultdict

from docs.pages import ROOT

PACKAGES = ("aggregates", "commands", "projections", "services", "infra")
CONVENTIONS = {"Row", "Change"}
"""Each record has a row, and each view a change, of its own."""
LEFT = {
    "Answer",
    "Column",
    "Fault",
    "Field",
    "Following",
    "Good",
    "Group",
    "Import",
    "Imports",
    "Left",
    "NotSkipped",
    "Part",
    "Sheet",
    "Source",
    "StaleCheckpoint",
    "Waiting",
}
"""What two modules still call alike: it may become less, and never more."""


def twice() -> set[str]:
    homes = defaultdict[str, set[str]](set)
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.parse(path.read_text("utf-8")).body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    homes[node.name].add(str(path))
    return {name for name, files in homes.items() if len(files) > 1}


def test_a_class_is_called_as_no_other_one_is() -> None:
    assert twice() - CONVENTIONS == LEFT
