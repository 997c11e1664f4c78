"""Each bounded context has folders of its own name, and each file in them is registered once."""

import importlib
import inspect
import pkgutil
import sys
from collections.abc import Iterator
from types import ModuleType

import pytest

import aggregates
import commands
import projections
import services.contexts
from aggregates import Aggregate
from commands import Command
from projections.engine import View
from projections.engine.record import Record
from services import processes
from services.bootstrap import CONTEXTS
from services.contexts import Context
from services.processes import Process

NAMES = {context.name for context in CONTEXTS}


def inside(package: ModuleType, context: str) -> Iterator[ModuleType]:
    """The modules of a context below a package, its own `__init__` among them."""
    name = f"{package.__name__}.{context}"
    try:
        folder = importlib.import_module(name)
    except ModuleNotFoundError:
        return
    yield folder
    for found in pkgutil.walk_packages(folder.__path__, f"{name}."):
        yield importlib.import_module(found.name)


@pytest.mark.parametrize("package", [aggregates, commands, projections, processes])
def test_every_folder_is_a_context(package: ModuleType) -> None:
    folders = {f.name for f in pkgutil.iter_modules(package.__path__) if f.ispkg}
    assert folders - {"engine"} <= NAMES


def test_every_context_is_named_once() -> None:
    found = {module.name for module in pkgutil.iter_modules(services.contexts.__path__)}
    assert (found, len(CONTEXTS)) == (NAMES, len(NAMES))


@pytest.mark.parametrize("context", CONTEXTS, ids=lambda context: context.name)
def test_what_lies_in_the_folders_of_a_context_is_what_it_brings(context: Context) -> None:
    name = context.name
    modules = [
        m
        for package in (aggregates, commands, projections, processes)
        for m in inside(package, name)
    ]
    defined = [v for m in modules for v in vars(m).values()]
    names = {m.__name__ for m in modules}
    kinds = {
        v
        for v in defined
        if isinstance(v, type) and issubclass(v, Aggregate) and v.__module__ in names
    }
    views = {v.name for v in defined if isinstance(v, View)}
    records = {v.name for v in defined if isinstance(v, Record)}
    reactions = {v.name for v in defined if isinstance(v, Process)}
    asked = {v.__module__ for v in Command.known.values() if v.__module__ in names}
    assert kinds == set(context.every_kind)
    assert views == {view.name for view in context.views}
    assert records == {record.name for record in context.records}
    assert reactions == {process.name for process in context.processes}
    assert asked <= {module.__name__ for module in context.commands}


@pytest.mark.parametrize("package", [aggregates, commands, projections, processes])
@pytest.mark.parametrize("context", sorted(NAMES))
def test_the_init_of_a_folder_says_what_it_is_about_and_holds_no_code(
    package: ModuleType, context: str
) -> None:
    for folder in list(inside(package, context))[:1]:
        assert (folder.__doc__ or "").endswith(".")
        assert not [
            name
            for name, value in vars(folder).items()
            if not name.startswith("__") and not isinstance(value, ModuleType)
        ]


@pytest.mark.parametrize("context", CONTEXTS, ids=lambda context: context.name)
def test_a_plain_kind_is_a_short_file(context: Context) -> None:
    """With the labels of two fields of its own and its name in a context it takes 60 lines."""
    for kind in context.plain:
        lines = inspect.getsource(sys.modules[kind.__module__]).splitlines()
        assert len(lines) <= 55, kind.__module__
