"""The console is files for anybody: pages find their way, and nothing of another site is let in."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from asking import Asking
from fastapi import FastAPI
from httpx2 import Response

from services.api import console, problems
from services.api.console import ConsoleFiles

from .conftest import Api

PAGE = "<!doctype html><div id=root></div>"


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text(PAGE)
    (tmp_path / "assets" / "main-1a2b.js").write_text("go()")
    return tmp_path


def serving(folder: Path) -> Asking:
    app = FastAPI()
    app.state.refusals = SimpleNamespace(note=lambda *_: None)
    problems.install(app)
    console.add(app, ConsoleFiles(folder))
    return Asking(app)


@pytest.fixture
def client(built: Path) -> Iterator[Asking]:
    with serving(built) as made:
        yield made


@pytest.mark.parametrize("path", ["", "orders/SO-1.2", "figures/funnel?by=rep", "assets-of-ours"])
def test_any_page_is_the_one_that_finds_its_way(client: Asking, path: str) -> None:
    answer = client.get(f"/console/{path}")
    assert answer.status_code == 200
    assert answer.text == PAGE
    assert answer.headers["cache-control"] == "no-cache"


def test_what_is_known_already_is_not_sent_again(client: Asking) -> None:
    first = client.get("/console/")
    again = client.get("/console/", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.text) == (304, "")


def test_a_file_named_by_its_digest_is_kept_for_ever(client: Asking) -> None:
    answer = client.get("/console/assets/main-1a2b.js")
    assert answer.text == "go()"
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize("path", ["assets/gone-9f.js", "assets/%2e%2e/%2e%2e/secret"])
def test_a_file_that_is_not_there_is_no_page(client: Asking, path: str) -> None:
    assert client.get(f"/console/{path}").status_code == 404


def test_nothing_outside_its_folder_is_sent(client: Asking, built: Path) -> None:
    (built.parent / "secret").write_text("secret")
    assert client.get("/console/%2e%2e/secret").text == PAGE


def test_where_it_is_not_built_the_answer_says_how(tmp_path: Path) -> None:
    answer = serving(tmp_path).get("/console/")
    assert answer.status_code == 404
    assert "make setup" in answer.json()["detail"]


def policy(answer: Response) -> str:
    return str(answer.headers["content-security-policy"])


def test_anybody_may_have_it_and_no_script_of_another_site_runs_in_it(api: Api) -> None:
    del api.client.headers["Authorization"]
    answer = api.client.get("/console/", headers={"Accept": "text/html"})
    assert answer.status_code in {200, 404}
    assert "script-src 'self';" in policy(answer)
    assert "unsafe-eval" not in policy(answer)
    assert "frame-ancestors 'none'" in policy(answer)


def test_its_address_without_a_slash_leads_there(api: Api) -> None:
    answer = api.client.get("/console", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (308, "/console/")
