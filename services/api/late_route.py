"""Routes that are analysed when they are first asked for.

FastAPI builds a validator for each parameter and each answer of a route when the route is added. Of
hundreds of routes a command line, a test or a small installation asks few.
"""

from collections.abc import Callable
from functools import cache
from threading import RLock
from typing import Any

from fastapi.routing import APIRoute
from starlette.routing import compile_path

ANALYSING = RLock()
_compiled = cache(compile_path)
"""Python itself remembers but 512 patterns: the next application would compile them all anew."""


class LateRoute(APIRoute):
    """Has at once what finds it; all else comes with the first use, from any thread."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **described: Any) -> None:
        self.described = described
        self.path, self.endpoint = path, endpoint
        self.path_regex, self.path_format, self.param_convertors = _compiled(path)
        self.methods = {method.upper() for method in described.get("methods") or ["GET"]}
        self.responses = described.get("responses") or {}

    def __getattr__(self, name: str) -> Any:
        """Asked for only what is missing."""
        with ANALYSING:
            if "app" not in vars(self):  # the last that the analysis adds
                super().__init__(self.path, self.endpoint, **self.described)
        if name not in vars(self):
            raise AttributeError(name, name=name, obj=self)
        return vars(self)[name]
