"""However often the workers are killed, everybody is told of everything once, and bugs are seen."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from notices.model import Newsroom

from services.notices import deliveries, inbox
from services.notices.deliveries import NoticeDelivery
from services.notices.notifier import Notifier
from services.notices.sender import Sender
from services.processes import positions

STEPS = 120
Plant = Callable[[pytest.MonkeyPatch], None]


def played(folder: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Newsroom(folder / str(seed), seed, monkeypatch)
    try:
        made.play(STEPS)
        made.check()
    finally:
        made.close()


@pytest.mark.parametrize("seed", range(4))
def test_everybody_is_told_once_however_often_workers_end(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    played(tmp_path, seed, monkeypatch)


def moved_before_it_was_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The position moves in a transaction of its own, before the notices are written."""

    def follow(self: Notifier, most: int) -> int:
        if not self._begun:
            self._begin()
        with self.database.read() as connection:
            old = positions.of(connection, "notices", self.store.log)
            events = self.store.read(connection, old, most)
            found = list(self._matches(connection, events))
        if not events:
            return 0
        with self.database.write() as connection:
            positions.move(connection, "notices", self.store.log, old, events[-1].position)
        with self.database.write() as connection:
            inbox.add(connection, self._rows(found))
            deliveries.add(connection, self._deliveries(found))
        return len(events)

    monkeypatch.setattr(Notifier, "_follow", follow)


def marked_before_it_was_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    give = Sender._give

    def marked(self: Sender, to: Any, sent: Any) -> None:
        with self.database.write() as connection:
            found = deliveries.due(connection, to.id, self.database.now(connection), 99)
            for rows in found:
                if rows[0].message == sent.id:
                    deliveries.settle(connection, rows, "sent", 0)
        give(self, to, sent)

    monkeypatch.setattr(Sender, "_give", marked)


def sent_under_a_new_id(monkeypatch: pytest.MonkeyPatch) -> None:
    due = deliveries.due

    def renamed(*args: Any) -> list[list[NoticeDelivery]]:
        return [[row._replace(message=str(uuid4())) for row in rows] for rows in due(*args)]

    monkeypatch.setattr(deliveries, "due", renamed)


@pytest.mark.parametrize(
    "plant", [moved_before_it_was_told, marked_before_it_was_sent, sent_under_a_new_id]
)
def test_a_planted_bug_is_seen(
    plant: Plant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(monkeypatch)
    for seed in range(8):
        try:
            played(tmp_path, seed, monkeypatch)
        except AssertionError:
            return
    raise AssertionError(f"{plant.__name__} was not seen")
