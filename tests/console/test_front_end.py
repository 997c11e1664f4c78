"""The console's own code: typed by the API's document as it is now, linted, and tested."""

import json
import subprocess
from pathlib import Path

import pytest
from pace import limit

from infra.settings import Settings
from services.api.app import build
from services.bootstrap import platform

from .conftest import SOURCES
from .demo_server import ROOT

pytestmark = pytest.mark.timeout(900)
"""The first that needs it builds the console."""


@pytest.fixture(scope="module")
def typed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The types are made anew of the document: they are never those of yesterday."""
    made = platform(Settings(data=tmp_path_factory.mktemp("document")))
    made.prepare()
    document = build(made).openapi()
    made.close()
    (ROOT / "build").mkdir(exist_ok=True)
    (ROOT / "build" / "openapi.json").write_text(json.dumps(document), "utf-8")
    npm("types")


def npm(script: str) -> None:
    run = subprocess.run(
        ["npm", "run", "--silent", script],
        cwd=SOURCES,
        capture_output=True,
        text=True,
        timeout=limit(180),
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_it_fits_the_document_of_the_api(typed: None) -> None:
    npm("lint")


def test_its_logic_keeps_its_rules(built: Path) -> None:
    npm("test")


def test_no_package_is_fetched_from_a_place_that_the_lock_names() -> None:
    lock = (SOURCES / "package-lock.json").read_text("utf-8")
    assert '"resolved"' not in lock
    assert "https://registry" not in lock
