"""The pages leave nothing out and point nowhere that is not."""

import re
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from docs.pages import GENERATED, PAGES, ROOT, anchors, blocks, links, name

from infra.settings import Settings
from services import cli
from services.commandline import Code

OPERATE = (ROOT / "docs/operate.md").read_text("utf-8")
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
SERVICES = set(yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"])


def verbs(command: Any, before: str = "") -> set[str]:
    """Every command that ends in something done: `key new`, and not `key`."""
    within = getattr(command, "commands", None)
    if within is None:
        return {before.strip()}
    return {verb for n, c in within.items() for verb in verbs(c, f"{before} {n}")}


VERBS = verbs(typer.main.get_command(cli._app()))


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in links(page):
        if link.startswith(("http:", "https:")) or link in GENERATED:
            continue
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        if name_in_root(target) in GENERATED:
            continue
        assert target.exists(), f"{link} is not there"
        assert not anchor or anchor in anchors(target), f"{link} has no such heading"


def name_in_root(file: Path) -> str:
    return file.relative_to(ROOT).as_posix() if file.is_relative_to(ROOT) else ""


@pytest.mark.parametrize("field", Settings.model_fields)
def test_every_setting_is_told_with_what_it_is_unless_set(field: str) -> None:
    default = Settings.model_fields[field].default
    shown = "–" if default is None else f"`{default}`"
    rows = [row for row in OPERATE.splitlines() if f"| `DISTRIBUTARY_{field.upper()}` |" in row]
    assert len(rows) == 1, f"docs/operate.md: one row for {field}"
    assert f"| {shown} |" in rows[0], f"docs/operate.md: {field} is {shown} unless set"


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_verb_is_told(verb: str) -> None:
    assert f"`distributary {verb}" in OPERATE, f"docs/operate.md: tell of `distributary {verb}`"


@pytest.mark.parametrize("target", sorted(TARGETS))
def test_every_make_target_is_told(target: str) -> None:
    assert f"`make {target}`" in OPERATE, f"docs/operate.md: tell of `make {target}`"


def test_every_exit_code_is_told() -> None:
    shown = {int(row) for row in re.findall(r"^\| (\d+) \|", OPERATE, re.MULTILINE)}
    assert shown == {int(code) for code in Code}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_commands_that_are_only_shown_exist(page: Path) -> None:
    for block in blocks(page, "console"):
        for line in block.text.splitlines():
            words = line.split("#")[0].split()
            assert not words or known(words), f"{line}: there is no such command"


def known(words: list[str]) -> bool:
    match words:
        case ["make", target, *_]:
            return target in TARGETS
        case ["docker", "compose", "exec", service, *rest]:
            return service in SERVICES and known(rest)
        case ["docker", "compose", *rest]:
            scaled = [word.partition("=")[0] for word in rest if "=" in word]
            named = [word for word in rest[1:] if word.isalpha()]
            return set(scaled) <= SERVICES and set(named) <= SERVICES
        case ["distributary", verb, *rest]:
            return verb in VERBS or f"{verb} {rest[0]}" in VERBS
    return words[0] in {"pg_dump", "pg_restore", "createdb", "python3"}
