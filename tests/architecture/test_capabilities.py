"""The table of what works cannot lie."""

import re
from pathlib import Path

import capabilities
import pytest
from capabilities import STORIES, TABLE, shown, table


def test_the_table_says_what_the_tests_show() -> None:
    written = TABLE.read_text(encoding="utf-8")
    assert written == table(), "it is old: run `python -m tests.capabilities`"


def test_no_test_shows_a_capability_that_nobody_knows() -> None:
    known = {capability.id for capability in capabilities.capabilities()}
    unknown = {mark for mark in shown() if mark.capability not in known}
    assert not unknown, "take an id of tests/capabilities.csv"


def test_every_capability_stands_there_once() -> None:
    ids = [capability.id for capability in capabilities.capabilities()]
    assert len(ids) == len(set(ids)) == 193


def test_what_works_is_shown_from_what_is_sent_to_what_is_read() -> None:
    elsewhere = [mark for mark in shown() if not mark.file.startswith(STORIES)]
    assert not elsewhere, "show it by a story through the API or the command line"


def test_whoever_reads_that_it_works_learns_where_it_is_explained() -> None:
    working = {mark.capability for mark in shown()}
    pages = {one.id: one.page for one in capabilities.capabilities() if one.id in working}
    missing = {name for name, page in pages.items() if not _is_there(page)}
    assert not missing, "name its page in tests/capabilities.csv, and the heading where it has one"


def _is_there(page: str) -> bool:
    name, _, heading = page.partition("#")
    file = TABLE.parent / name
    return bool(name) and file.is_file() and heading in {"", *_headings(file)}


def _headings(file: Path) -> set[str]:
    lines = file.read_text(encoding="utf-8").splitlines()
    titles = [line.lstrip("#").strip().lower() for line in lines if line.startswith("#")]
    return {re.sub(r"[^\w\- ]", "", title).replace(" ", "-") for title in titles}


def test_a_mark_is_found_wherever_a_test_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "test_x.py").write_text(
        '@pytest.mark.capability("IN-01", "IN-02")\ndef test_a() -> None: ...\n'
        'class TestB:\n    @mark.capability("IN-03")\n    def test_c(self) -> None: ...\n'
        "def test_d() -> None: ...\n"
    )
    monkeypatch.setattr(capabilities, "TESTS", tmp_path)
    assert [(mark.capability, mark.test) for mark in shown()] == [
        ("IN-01", "test_a"),
        ("IN-02", "test_a"),
        ("IN-03", "test_c"),
    ]
    page = table()
    assert "**3 of 193 work**" in page
    assert "| IN-01 | 1 | " in page
    assert "`deep/test_x.py::test_a` |" in page
