"""Asks an application in this process, and hears each answer whole."""

import asyncio
from typing import Any
from urllib.parse import unquote

import httpx2
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Message


class Asking(TestClient):
    """Starlette's client, with one turn of the application's loop for a request instead of eight.

    What never ends is not asked so: it needs a real server.
    """

    def __init__(
        self, app: ASGIApp, *, raise_server_exceptions: bool = True, **options: Any
    ) -> None:
        super().__init__(app, raise_server_exceptions=raise_server_exceptions, **options)
        self._transport = _Whole(self, raise_server_exceptions)

    def answer(self, scope: dict[str, Any], body: bytes, raising: bool) -> "_Heard":
        heard = _Heard(body)

        async def run() -> None:
            try:
                await self.app(scope, heard.receive, heard.send)
            except Exception:
                if raising:
                    raise

        with self._portal_factory() as portal:
            portal.call(run)
        return heard


class _Heard:
    def __init__(self, body: bytes) -> None:
        self.asked: list[Message] = [{"type": "http.request", "body": body}]
        self.whole = asyncio.Event()
        self.status = 500
        self.headers: list[tuple[bytes, bytes]] = []
        self.body = bytearray()

    async def receive(self) -> Message:
        if self.asked:
            return self.asked.pop()
        await self.whole.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message.get("headers", ()))
        else:
            self.body += message.get("body", b"")
            if not message.get("more_body"):
                self.whole.set()


class _Whole(httpx2.BaseTransport):
    def __init__(self, client: Asking, raising: bool) -> None:
        self.client, self.raising = client, raising

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        url = request.url
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": request.method,
            "path": unquote(url.path),
            "raw_path": url.raw_path.split(b"?", 1)[0],
            "root_path": "",
            "scheme": url.scheme,
            "query_string": url.query,
            "headers": [(name.lower(), value) for name, value in request.headers.raw],
            "client": ("testclient", 50_000),
            "server": [url.host, url.port or {"http": 80, "https": 443}[url.scheme]],
            "state": self.client.app_state.copy(),
        }
        heard = self.client.answer(scope, request.read(), self.raising)
        body = b"" if request.method == "HEAD" else bytes(heard.body)
        stream = httpx2.ByteStream(body)
        return httpx2.Response(heard.status, headers=heard.headers, stream=stream, request=request)
