"""The HTTP server: one process, one port, and an end that waits for no endless stream."""

import socket
from collections.abc import Callable
from types import FrameType

import uvicorn
from fastapi import FastAPI

DRAIN = 5
"""Seconds for the requests that are being answered; the queue has what is left of ten."""
BACKLOG = 2_048


class Server(uvicorn.Server):
    """Ends its event streams at the first signal, drains, and returns as after a normal end."""

    def __init__(self, app: FastAPI, *, ending: Callable[[], None] | None = None) -> None:
        """`ending` is told when the end begins."""
        config = uvicorn.Config(
            app,
            lifespan="on",  # a start that fails must end it, not leave commands waiting
            access_log=False,
            proxy_headers=False,  # nothing asks where a request came from
            log_config=None,
            server_header=False,
            timeout_keep_alive=30,
            timeout_graceful_shutdown=DRAIN,
            backlog=BACKLOG,
        )
        super().__init__(config)
        self.live = app.state.live
        self.ending = ending

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002 - uvicorn's
        self.live.stop()
        if self.ending is not None and not self.should_exit:
            self.ending()
        self.force_exit = self.should_exit
        self.should_exit = True


def listen(host: str, port: int) -> socket.socket:
    """The port, taken; raises `OSError` where another has it. Port 0 takes any that is free."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    try:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((host, port))
        taken.listen(BACKLOG)
        taken.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except OSError:
        taken.close()
        raise
    return taken
