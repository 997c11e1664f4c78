"""A server that speaks S3, which can be gone or stand still for a while and forgets nothing."""

import logging
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any
from unittest.mock import patch

import boto3
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from pace import limit
from werkzeug.serving import BaseWSGIServer, make_server

from services.local.process import free_port

NAME = "chaos"
STANDS_LIMIT = 30.0


class Bucket:
    """What it keeps is in this process's memory: whoever cuts it off takes nothing from it."""

    def __init__(self) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._app = DomainDispatcherApplication(create_backend_app)
        self._goes_on = Event()
        self._goes_on.set()
        self._server: BaseWSGIServer | None = None

    def start(self) -> None:
        self._server = make_server("127.0.0.1", self.port, self._answer, threaded=True)
        Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Nobody listens any more; who was being answered may still be."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    def pause(self) -> None:
        """Whoever asks hears nothing until it goes on."""
        self._goes_on.clear()

    def resume(self) -> None:
        self._goes_on.set()

    def _answer(self, environ: dict[str, Any], begin: Callable[..., Any]) -> Iterable[bytes]:
        self._goes_on.wait(limit(STANDS_LIMIT))
        answer: Iterable[bytes] = self._app(environ, begin)
        return answer


@contextmanager
def bucket() -> Iterator[Bucket]:
    """Whoever is started meanwhile finds it by the environment."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # it tells of each request
    made = Bucket()
    known = {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "DISTRIBUTARY_FILES_ENDPOINT": made.address,
    }
    with patch.dict(os.environ, known):
        made.start()
        try:
            boto3.client("s3", endpoint_url=made.address).create_bucket(Bucket=NAME)
            yield made
        finally:
            made.resume()
            made.stop()
