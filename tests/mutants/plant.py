"""A bug is a line of the engine put otherwise, for as long as a block lasts."""

import builtins
import dis
import inspect
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from projections.engine.record_query import PAGES


class Outgrown(Exception):
    """The engine no longer says what the bug replaces: plant it anew."""


@dataclass(frozen=True)
class Mutant:
    """`where` names a function as `module:Class.function`; `old` stands in it exactly once.

    `needs` are features without which no world can meet the bug.
    """

    breaks: str
    where: str
    old: str
    new: str
    needs: frozenset[str] = frozenset()

    @contextmanager
    def planted(self) -> Iterator[None]:
        owner, name = self._found()
        kept = owner.__dict__[name]
        setattr(owner, name, self._made(kept))
        PAGES.made.clear()  # statements are kept, and would outlive the line that makes them
        try:
            yield
        finally:
            setattr(owner, name, kept)
            PAGES.made.clear()

    def outgrown(self) -> str | None:
        """Why the bug cannot be planted in the engine as it is now, if it cannot."""
        try:
            with self.planted():
                return None
        except (Outgrown, LookupError, AttributeError, ImportError) as error:
            return f"plant it anew: {error!r}"

    def _found(self) -> tuple[Any, str]:
        module, _, path = self.where.partition(":")
        *owners, name = path.split(".")
        owner: Any = import_module(module)
        for each in owners:
            owner = getattr(owner, each)
        return owner, name

    def _made(self, function: Any) -> Any:
        source = textwrap.dedent(inspect.getsource(function))
        if source.count(self.old) != 1:
            raise Outgrown(f"{self.where} has {source.count(self.old)} times: {self.old}")
        made: dict[str, Any] = {}
        code = compile(source.replace(self.old, self.new), f"<{self.breaks}>", "exec")
        exec(code, function.__globals__, made)
        if unknown := _unknown(inspect.unwrap(made[function.__name__])):
            raise Outgrown(f"{self.where} knows no {', '.join(sorted(unknown))}")
        return made[function.__name__]


def bug(breaks: str, where: str, old: str, new: str, *needs: str) -> Mutant:
    return Mutant(breaks, where, old, new, frozenset(needs))


def _unknown(function: Any) -> set[str]:
    """The names it would look for in vain: a bug that breaks at once proves nothing."""
    asked = {each.argval for each in dis.get_instructions(function) if each.opname == "LOAD_GLOBAL"}
    return asked - function.__globals__.keys() - vars(builtins).keys()
