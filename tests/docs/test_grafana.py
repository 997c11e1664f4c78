"""The dashboard and the alerts ask for figures that there are, and leave none out."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from docs.pages import ROOT
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from docs.grafana import PANELS, RULES
from infra.keys import Keys
from infra.settings import Settings
from services import bootstrap
from services.api.app import build
from services.commandline.meter import WorkerMetrics
from services.workers.wait import Wait

OPERATE = (ROOT / "docs/operate.md").read_text("utf-8")
NAME = re.compile(r"\bdistributary_\w+")


def of_the_dashboard() -> list[str]:
    return [target["expr"] for panel in PANELS for target in panel["targets"]]


def of_the_alerts() -> list[str]:
    return [rule["expr"] for rule in RULES]


@pytest.fixture(scope="module")
def families(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """The samples of every family of our own figures, of the API and of a worker."""
    return dict([*api(tmp_path_factory.mktemp("figures")), *worker()])


def api(folder: Path) -> Iterator[tuple[str, set[str]]]:
    platform = bootstrap.platform(Settings(data=folder, kafka="nobody:9092"))
    platform.prepare()
    headers = {"Authorization": f"Bearer {Keys(platform.database).new('prometheus')}"}
    with TestClient(build(platform), headers=headers) as client:
        found = text_string_to_metric_families(client.get("/metrics").text)
    platform.close()
    for family in found:
        if family.name.startswith("distributary_") and samples(family):
            yield family.name, samples(family)


def worker() -> Iterator[tuple[str, set[str]]]:
    meter = WorkerMetrics("project")
    meter.waiting.look([Wait("hole", "distributary.stock/0", 7)])
    return ((family.name, samples(family)) for family in meter.registry.collect())


def samples(family: Any) -> set[str]:
    return {sample.name for sample in family.samples if not sample.name.endswith("_created")}


@pytest.mark.parametrize("expression", [*of_the_dashboard(), *of_the_alerts()])
def test_every_figure_that_is_asked_for_is_there(
    expression: str, families: dict[str, set[str]]
) -> None:
    asked = set(NAME.findall(expression.replace('"distributary', "")))
    assert asked or "up{" in expression
    assert asked <= set().union(*families.values())


def test_every_figure_is_shown_or_watched(families: dict[str, set[str]]) -> None:
    asked = set(NAME.findall(" ".join([*of_the_dashboard(), *of_the_alerts()])))
    assert {name for name, samples in families.items() if not samples & asked} == set()


def test_every_figure_is_told_in_the_documentation(families: dict[str, set[str]]) -> None:
    for name, samples in families.items():
        told = {name, *samples} & set(NAME.findall(OPERATE))
        assert told, f"docs/operate.md: tell of {name}"


def test_every_alert_says_what_is_wrong_and_what_to_do() -> None:
    names = [rule["alert"] for rule in RULES]
    assert len(names) == len(set(names)) >= 5
    for rule in RULES:
        assert {"summary", "action"} <= rule["annotations"].keys(), rule["alert"]
        assert rule["labels"]["severity"] in {"warning", "critical"}, rule["alert"]


def test_every_panel_has_a_title_and_a_place_of_its_own() -> None:
    assert len({panel["id"] for panel in PANELS}) == len({p["title"] for p in PANELS})
    cells = [
        (x, y)
        for place in (panel["gridPos"] for panel in PANELS)
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24
