"""Whoever changes settings at once: no change is lost, and versions have no gap."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from pace import limit
from pydantic import SecretStr

from aggregates.loyalty.earning import EarningSettings
from aggregates.organisation.settings import CompanySettings
from commands.organisation.settings import ChangeSettings
from infra.settings import Settings
from services.bootstrap import Platform, platform, request

WORKERS, EACH = 3, 8
NAMES = "points", "per", "years"


def opened(url: str) -> Platform:
    return platform(Settings(database_url=SecretStr(url)))


@pytest.fixture
def company(prepared_url: str) -> Iterator[Platform]:
    made = opened(prepared_url)
    yield made
    made.close()


def test_parallel_changes_of_several_fields_are_all_in_force(
    company: Platform, prepared_url: str
) -> None:
    """Each caller has a field of its own, and some of its changes lie ahead."""
    now = company.states.ask(lambda load: load.now)
    ahead = now + timedelta(days=30)

    def work(worker: int) -> None:
        mine = opened(prepared_url)
        for number in range(1, EACH + 1):
            one = ChangeSettings(
                id=EarningSettings.id,
                values={NAMES[worker]: number},
                valid_from=ahead if number % 2 else None,
                reason="at once",
            )
            mine.executor.execute(request(one, "test", f"{worker}-{number}"))
        mine.close()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(WORKERS)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(limit(60))
    state: CompanySettings = company.states.ask(
        lambda load: load(CompanySettings, EarningSettings.id)
    )
    numbers = [version.number for version in state.versions]
    assert numbers == list(range(1, len(numbers) + 1))
    later = state.valid_at(ahead)
    assert later is not None
    assert later.values == dict.fromkeys(NAMES, EACH - 1)
    before = state.valid_at(ahead - timedelta(microseconds=1))
    assert before is not None
    assert before.values == dict.fromkeys(NAMES, EACH)
