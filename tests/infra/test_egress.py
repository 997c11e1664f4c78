"""Nobody makes the platform ask an address inside its own network."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_network
from typing import Any

import pytest

from infra import egress
from infra.egress import BlockedAddress, Egress

HERE = [ip_network("127.0.0.0/8")]


class Elsewhere(BaseHTTPRequestHandler):
    asked: list[str] = []  # noqa: RUF012 - of the class, which makes a handler for each request

    def do_POST(self) -> None:
        Elsewhere.asked.append(self.path)
        self.send_response(302)
        self.send_header("Location", "/secret")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Nothing is said."""


@pytest.fixture
def server() -> Iterator[str]:
    Elsewhere.asked.clear()
    made = HTTPServer(("127.0.0.1", 0), Elsewhere)
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{made.server_port}"
    made.shutdown()
    made.server_close()
    thread.join(5)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "169.254.169.254",
        "192.168.0.1",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "[::1]",
        "[fe80::1]",
        "[fd00::1]",
        "[::ffff:10.0.0.1]",
        "[64:ff9b::a00:1]",
        "[2002:a00:1::]",
        "2130706433",
    ],
)
def test_what_is_not_public_is_not_asked(address: str) -> None:
    with pytest.raises((BlockedAddress, OSError)):
        Egress().check(f"https://{address}/hook")


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com",
        "https://user@example.com/",
        "https:///x",
        "https://example.com/a b",
        "https://example.com:x/",
        "file:///etc/passwd",
        "https://ex\nample.com",
    ],
)
def test_what_is_no_address_of_the_web_is_refused(url: str) -> None:
    with pytest.raises(BlockedAddress, match="no address of the web"):
        Egress().check(url)


def test_what_is_not_encrypted_stays_within_allowed_networks() -> None:
    with pytest.raises(BlockedAddress, match="not encrypted"):
        Egress(HERE).check("http://1.1.1.1/hook")
    assert [str(one) for one in Egress(HERE).check("http://127.0.0.1/hook")] == ["127.0.0.1"]


def test_no_redirect_is_followed(server: str) -> None:
    answer = Egress(HERE).post(f"{server}/hook", b"{}", {})
    assert (answer.status, Elsewhere.asked) == (302, ["/hook"])


def test_a_name_is_looked_up_once_and_every_address_of_it_is_checked(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that is public when it is checked cannot lead inside when it is asked."""
    port = int(server.rpartition(":")[2])
    answers = [["8.8.8.8", "10.0.0.1"], ["127.0.0.1"]]

    def looked_up(*_: Any, **__: Any) -> list[Any]:
        found = answers.pop(0)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

    monkeypatch.setattr(egress.socket, "getaddrinfo", looked_up)
    with pytest.raises(BlockedAddress, match=r"10\.0\.0\.1"):
        Egress().post(f"https://rebound.example:{port}/", b"", {})
    assert len(answers) == 1
    with pytest.raises(BlockedAddress, match=r"127\.0\.0\.1"):
        Egress().post(f"https://rebound.example:{port}/", b"", {})
    assert Elsewhere.asked == []


def test_whoever_answers_too_slowly_is_waited_for_no_longer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(egress, "WHOLE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with pytest.raises((OSError, egress.http.client.HTTPException)):
            Egress(HERE).post(address, b"{}", {})
