"""A storm is judged only once nothing happens any more."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from chaos.verdict import healed
from infra.settings import Settings
from services import bootstrap
from services.bootstrap import Platform
from services.processes.deadlines import Deadline, pending

HOUR = 3_600_000_000


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    made = bootstrap.platform(Settings(data=tmp_path, database_url=None))
    made.prepare()
    yield made
    made.close()


def test_what_is_judged_has_no_deadline_that_is_still_to_come(platform: Platform) -> None:
    world: Any = SimpleNamespace(company=SimpleNamespace(platform=platform))
    assert healed(world)
    due = platform.database.clock.now() + HOUR
    what = "lapse-reservation", "order-O1", '{"id": "O1"}'
    row = Deadline("reservations", "main", "lapse", "order-O1", due, *what, 1, 0)
    with platform.database.write() as connection:
        connection.execute(pending.insert().values(**row._asdict()))
    assert not healed(world)
