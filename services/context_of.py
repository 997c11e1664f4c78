"""Which context a command, a record and a figure belong to."""

import inspect
import sys
from functools import cache

from commands import Command
from services import bootstrap
from services.contexts import Context


@cache
def of_command(slug: str) -> str:
    """The context whose module asks it; that of its kind where it follows from a plain kind."""
    model = Command.known[slug]
    for context in bootstrap.CONTEXTS:
        if model.__module__ in {module.__name__ for module in context.commands}:
            return context.name
    return of_kind(model.aggregate.kind)


def of_kind(kind: str) -> str:
    return next(c.name for c in bootstrap.CONTEXTS if kind in {k.kind for k in c.every_kind})


def of_view(view: str) -> str:
    return next(c.name for c in bootstrap.CONTEXTS if view in {v.name for v in c.views})


def about(context: Context) -> str:
    """What a context is about: the sentence at the head of its module."""
    module = sys.modules[f"services.contexts.{context.name}"]
    return " ".join(inspect.cleandoc(module.__doc__ or "").split())
