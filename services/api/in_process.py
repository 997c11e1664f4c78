"""Asks the API's own routes from within the process: no server, no key, the same answer."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import Headers
from starlette.types import Message

from services.api.app import Api
from services.api.app import build as build_api
from services.bootstrap import Platform


class Answer(Exception):
    """Raised for any answer but 200: its status and its body, a problem."""

    def __init__(self, status: int, body: bytes) -> None:
        super().__init__(status)
        self.status, self.body = status, body


def build(platform: Platform) -> Api:
    """The API without what stands at its door: who asks is named with each question."""
    app = build_api(platform)
    app.doors = lambda inner: inner
    return app


async def get(
    app: Api,
    actor: str,
    path: str,
    query: Sequence[tuple[str, str]],
    take: Callable[[bytes], Any],
) -> Headers:
    """Give the body to `take` as it comes; answers the headers."""
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "root_path": "",
        "query_string": urlencode(query).encode(),
        "headers": [(b"host", b"localhost")],
        "actor": actor,
        "local": True,
    }
    started: dict[str, Any] = {}
    refused = bytearray()

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            started.update(message)
        elif started["status"] == 200:
            take(message.get("body", b""))
        else:
            refused.extend(message.get("body", b""))

    await app(scope, receive, send)
    if "notes" in scope:
        scope["notes"].close()
    if started["status"] != 200:
        raise Answer(started["status"], bytes(refused))
    return Headers(raw=started["headers"])
