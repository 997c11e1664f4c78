"""Finds a request's route among those of its first word: of hundreds it could be few."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property

from fastapi.routing import APIRouter
from starlette._utils import get_route_path
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Receive, Scope, Send


class Router(APIRouter):
    """In the same order as FastAPI, which still answers for whatever no route takes whole."""

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            for route in self._by_word.get(_word(get_route_path(scope)), ()):
                match, found = route.matches(scope)
                if match is Match.FULL:
                    scope.update(found, router=self)
                    await route.handle(scope, receive, send)
                    return
        await super().app(scope, receive, send)

    @cached_property
    def _by_word(self) -> Mapping[str, Sequence[BaseRoute]]:
        """Of routes that begin with a word, as long as no other comes before them."""
        found, others = defaultdict[str, list[BaseRoute]](list), False
        for route in self.routes:
            word = _word(route.path) if isinstance(route, Route) else "{"
            others = others or "{" in word
            if not others:
                found[word].append(route)
        return found


def _word(path: str) -> str:
    return path[1:].partition("/")[0]
