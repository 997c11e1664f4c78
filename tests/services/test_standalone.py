"""The standalone platform starts by itself, answers, ends at Ctrl-C and keeps its data."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from pace import limit
from waiting import until

from commands.inventory.stock import ReceiveStock
from infra.settings import Settings
from services import standalone
from services.api.serving import listen
from services.bootstrap import Platform, request
from services.standalone import Started

PROGRAM = str(Path(sys.executable).with_name("distributary"))
LIMIT = 60


def free_port() -> int:
    with listen("127.0.0.1", 0) as port:
        return int(port.getsockname()[1])


def begun(data: Path, port: int, *words: str) -> subprocess.Popen[str]:
    given = {"DISTRIBUTARY_DATA": str(data), "DISTRIBUTARY_PORT": str(port)}
    words = (PROGRAM, "standalone", *(words or ("--no-demo",)))
    pipe = subprocess.PIPE
    return subprocess.Popen(words, env=os.environ | given, stderr=pipe, stdout=pipe, text=True)


@contextmanager
def started(data: Path, port: int) -> Iterator[tuple[httpx2.Client, list[str]]]:
    process = begun(data, port)
    told: list[str] = []
    try:
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=limit(20)) as client:
            _until_ready(client, process)
            key = (data / "first-run-key").read_text().strip()
            client.headers["Authorization"] = f"Bearer {key}"
            yield client, told
        process.send_signal(signal.SIGINT)
        out, errors = process.communicate(timeout=limit(20))
        told += [out, errors]
        assert process.returncode == 0, errors
    finally:
        process.kill()
        process.communicate(timeout=limit(20))


def _until_ready(client: httpx2.Client, process: subprocess.Popen[str]) -> None:
    def ready() -> bool:
        try:
            return client.get("/readyz").status_code == 200
        except httpx2.TransportError:
            return False

    until(ready, LIMIT, 0.05, alive=lambda: process.poll() is None, tell=lambda: _words(process))


def _words(process: subprocess.Popen[str]) -> str:
    process.kill()
    return str(process.communicate())


def received(client: httpx2.Client, reference: str) -> Any:
    body = {"location": "WH", "item": "tea", "quantity": 5, "reference": reference}
    headers = {"Idempotency-Key": reference}
    return client.post("/commands/receive-stock", json=body, headers=headers).json()


def on_hand(client: httpx2.Client, position: int) -> int:
    found = client.get("/stock", params={"min_position": position, "wait": 20}).json()
    return sum(row["on_hand"] for row in found["data"])


def test_it_starts_answers_ends_and_keeps_its_data(tmp_path: Path) -> None:
    data, port = tmp_path / "data", free_port()
    with started(data, port) as (client, told):
        assert on_hand(client, received(client, "a")["position"]) == 5
        assert client.get("/docs").status_code == 200
    key = (data / "first-run-key").read_text().strip()
    assert (data / "first-run-key").stat().st_mode & 0o777 == 0o600
    # No terminal reads along: the key stands in its file alone.
    assert key not in told[0] + told[1]
    assert f"first API key   in {data / 'first-run-key'}" in told[1]
    shown = f"$(cat {data / 'first-run-key'})"
    assert f'curl -H "Authorization: Bearer {shown}" "http://127.0.0.1:{port}/funnel"' in told[1]
    with started(data, port) as (client, told):
        assert received(client, "a")["repeated"] is True
        assert on_hand(client, received(client, "b")["position"]) == 10
    assert key not in told[1]
    assert "sign in as" not in told[1]


def test_the_first_run_gives_the_owner_a_one_time_password(tmp_path: Path) -> None:
    data, port = tmp_path / "data", free_port()
    with started(data, port) as (client, told):
        password = (data / "first-password").read_text().strip()
        body = {"account": "owner", "password": password}
        with httpx2.Client(base_url=client.base_url, timeout=limit(20)) as browser:
            answer = browser.post("/sessions", json=body)
            assert answer.status_code == 201
            assert answer.json()["must_change_password"] is True
            assert browser.get("/status").status_code == 403
    assert (data / "first-password").stat().st_mode & 0o777 == 0o600
    assert password not in told[0] + told[1]
    assert f"owner, one-time password in {data / 'first-password'}" in told[1]


def test_the_first_key_is_shown_to_eyes_alone(tmp_path: Path) -> None:
    what = "http://here", tmp_path, "dk_secret"
    for secret in ("dk_secret", "one_time"):
        shown = Started(*what, shown=True, password="one_time").lines()
        hidden = Started(*what, shown=False, password="one_time").lines()
        assert any(secret in line for line in shown)
        assert not any(secret in line for line in hidden)


def test_it_says_that_it_runs_when_the_views_have_the_demo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever follows what is then shown finds the figures that the demo is about."""
    told: list[str] = []

    def load(platform: Platform, *_: object) -> None:
        for number in range(2_000):
            receive = ReceiveStock(location="WH", item=f"i{number}", quantity=1, reference="r")
            platform.executor.execute(request(receive, "demo"))

    class Asked:
        def __init__(self, *_: object, **__: object) -> None: ...

        def run(self, _: object) -> None:
            assert "Distributary runs" in " ".join(told)
            assert standalone._behind(self.platform) == []

    def built(platform: Platform, **_: object) -> None:
        Asked.platform = platform

    monkeypatch.setattr(standalone.demo, "load", load)
    monkeypatch.setattr(standalone, "build", built)
    monkeypatch.setattr(standalone, "Server", Asked)
    standalone.run(Settings(data=tmp_path, port=free_port()), told.append, lambda *_: None)
    assert told[0].startswith("Loading")


def test_a_port_in_use_is_one_clear_line(tmp_path: Path) -> None:
    with listen("127.0.0.1", 0) as taken:
        process = begun(tmp_path, taken.getsockname()[1])
        _, errors = process.communicate(timeout=limit(LIMIT))
    assert process.returncode == 1
    assert len(errors.strip().splitlines()) == 1
    assert "DISTRIBUTARY_PORT" in errors


def test_a_folder_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    process = begun(tmp_path / "file" / "data", free_port())
    _, errors = process.communicate(timeout=limit(LIMIT))
    assert process.returncode == 1
    assert len(errors.strip().splitlines()) == 1
    assert "DISTRIBUTARY_DATA" in errors
