"""A line of the log says what it belongs to, so that all of one matter can be found."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from infra.keys import Keys
from infra.settings import Settings
from services import bootstrap
from services.api import status
from services.api.app import build
from services.commandline import logs

FAULT = "Exception in ASGI application"


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Iterator[Any]:
    """What was logged since last asked, as `distributary` logs it."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    logs.to_stderr()
    yield lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


def test_what_a_line_is_given_besides_its_text_is_told(lines: Any) -> None:
    more = {"correlation_id": "call-7"}
    logging.getLogger("services.workers.drive").info("position %d: refused", 4, extra=more)
    (line,) = lines()
    assert (line["event"], line["correlation_id"]) == ("position 4: refused", "call-7")


def test_an_error_in_a_request_says_what_the_request_belongs_to(
    lines: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object) -> None:
        raise RuntimeError("by design")

    monkeypatch.setattr(status, "system_status", fail)
    platform = bootstrap.platform(Settings(data=tmp_path))
    platform.prepare()
    key = Keys(platform.database).new("tester")
    headers = {"Authorization": f"Bearer {key}", "Correlation-Id": "call-7"}
    with TestClient(like_uvicorn(build(platform)), raise_server_exceptions=False) as client:
        assert client.get("/status", headers=headers).status_code == 500
    platform.close()
    (line,) = [line for line in lines() if line["event"] == FAULT]
    assert (line["correlation_id"], line["path"]) == ("call-7", "/status")
    assert "by design" in line["exception"]


def like_uvicorn(app: ASGIApp) -> ASGIApp:
    async def server(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await app(scope, receive, send)
        except RuntimeError:
            logging.getLogger("uvicorn.error").exception(FAULT)
            raise

    return server
