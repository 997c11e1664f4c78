"""A read model that fails, is locked or takes too long holds up none of the others."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from pace import limit
from sqlalchemy import Connection, text
from waiting import until
from workers.failing import (
    SICK,
    Sick,
    fail,
    is_whole,
    look_into_what_is_gone,
    others_are_complete,
    receive,
    stood,
    with_sick,
)

from infra.limits import Limits
from infra.settings import Settings
from projections.engine import View, generations
from projections.engine.record import Record
from services import bootstrap
from services.bootstrap import Platform
from services.commandline.loops import WorkerLoop
from services.commandline.projecting import following
from services.workers.wait import Wait


@pytest.fixture(params=["sqlite", "postgres"])
def platform(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Platform]:
    settings = Settings(data=tmp_path)
    if request.param == "postgres":
        settings = Settings(database_url=request.getfixturevalue("postgres_url"))
    yield from _opened(settings)


@pytest.fixture
def on_postgres(postgres_url: Any) -> Iterator[Platform]:
    yield from _opened(Settings(database_url=postgres_url))


def _opened(settings: Settings) -> Iterator[Platform]:
    made = bootstrap.platform(settings, limits=Limits(share=0.5))
    made.prepare()
    yield with_sick(made)
    made.close()


class Running:
    """The worker of all views in a thread, as a process has it."""

    def __init__(self, platform: Platform) -> None:
        self.loop = WorkerLoop("project")
        self.thread = Thread(target=self.loop.run, args=(following(platform, self.loop),))

    def __enter__(self) -> WorkerLoop:
        self.thread.start()
        return self.loop

    def __exit__(self, *_: object) -> None:
        self.loop.stop()
        self.thread.join(limit(30))
        assert not self.thread.is_alive()


@pytest.mark.parametrize("before", [fail, look_into_what_is_gone])
def test_a_view_that_fails_holds_up_no_other_and_catches_up_when_it_is_well(
    platform: Platform, before: Callable[[Connection], None]
) -> None:
    Sick.before = staticmethod(before)
    receive(platform)
    with Running(platform) as loop:
        until(lambda: others_are_complete(platform, 3))
        receive(platform)
        until(lambda: others_are_complete(platform, 6))
        assert stood(platform)[SICK] == 0
        assert list(loop.waits()) == [Wait("aside", SICK)]
        Sick.before = staticmethod(lambda _: None)
        until(lambda: is_whole(platform, 6) and not list(loop.waits()), 60)
        receive(platform)
        until(lambda: is_whole(platform, 9))
        assert not list(loop.waits())


def test_a_view_that_is_slow_to_write_holds_up_no_other(on_postgres: Platform) -> None:
    """It goes on by itself, as slowly as it has to."""
    Sick.before = staticmethod(lambda connection: connection.execute(text("SELECT pg_sleep(2)")))
    receive(on_postgres)
    with Running(on_postgres):
        until(lambda: others_are_complete(on_postgres, 3))
        assert stood(on_postgres)[SICK] == 0
        until(lambda: is_whole(on_postgres, 3), 60)


def test_a_view_that_is_about_to_be_switched_holds_up_no_other(on_postgres: Platform) -> None:
    receive(on_postgres)
    with Running(on_postgres) as loop:
        until(lambda: is_whole(on_postgres, 3))
        with on_postgres.database.write() as connection:
            generations.lock(connection, SICK)
            receive(on_postgres)
            until(lambda: others_are_complete(on_postgres, 6))
            assert stood(on_postgres)[SICK] == 3
        until(lambda: is_whole(on_postgres, 6) and not list(loop.waits()), 60)


def test_a_rollup_that_fails_is_put_off_and_holds_up_nobody(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []

    def upkeep(_: View, connection: Connection, *__: object) -> bool:
        tried.append(1)
        connection.execute(text("SELECT 1 FROM gone"))
        return True

    monkeypatch.setattr("services.workers.upkeep.ROLL_UP_EVERY", 1)
    monkeypatch.setattr(Sick, "upkeep", upkeep)
    receive(platform)
    with Running(platform) as loop:
        until(lambda: others_are_complete(platform, 3) and is_whole(platform, 3))
        receive(platform)
        until(lambda: others_are_complete(platform, 6) and is_whole(platform, 6))
        assert tried
        assert loop.meter.errors._value.get() == 0
        assert not list(loop.waits())


def test_where_all_views_fail_it_is_not_the_fault_of_one(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then nothing is set aside for good: the worker begins anew until all is well."""
    for kind in (View, Record):
        monkeypatch.setattr(kind, "apply", lambda _, connection, *__: fail(connection))
    receive(platform)
    with Running(platform) as loop:
        until(lambda: loop.meter.errors._value.get() > 0)
        monkeypatch.undo()
        until(lambda: others_are_complete(platform, 3) and is_whole(platform, 3), 60)
