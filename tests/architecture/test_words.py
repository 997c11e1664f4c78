"""A refusal in Chinese tells states, kinds and other values in Chinese, as the labels have them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from aggregates.words import CHINESE
from services.labels import entries

FOLDER = Path(__file__).parents[2]
HAN = re.compile(r"[\u4e00-\u9fff]")
VALUES = {"status", "kind", "holder", "axis", "way"}


def bare(path: Path) -> Iterator[str]:
    """What stands in a Chinese sentence as it is in English."""
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.JoinedStr):
            continue
        if not HAN.search("".join(v.value for v in node.values if isinstance(v, ast.Constant))):
            continue
        for one in node.values:
            shown = ast.unparse(one.value) if isinstance(one, ast.FormattedValue) else ""
            if shown.rpartition(".")[2] in VALUES:
                yield f"{path.relative_to(FOLDER)}:{node.lineno} {shown}"


def test_no_state_or_kind_stands_in_a_chinese_sentence_as_it_is_in_english() -> None:
    files = [*FOLDER.glob("aggregates/**/*.py"), *FOLDER.glob("commands/**/*.py")]
    assert files
    assert [one for path in files for one in bare(path)] == []


def test_refusals_use_the_words_of_the_labels() -> None:
    said: dict[str, set[str]] = {}
    for entry in entries("zh-CN"):
        for name in entry.names:
            said.setdefault(name.rpartition(".")[2], set()).update(entry.texts)
    assert {v: w for v, w in CHINESE.items() if w not in said.get(v.rpartition(".")[2], ())} == {}
