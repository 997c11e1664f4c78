"""What is skipped is left out on record; every other figure is as it must be."""

from typing import Any

import pytest
from workers.company import Company
from workers.sick import Sick, agrees, settle, waiting

from commands.operations.exclusion import SkipParked
from infra.events import Recorded
from infra.requests import Outcome
from services.bootstrap import request
from services.workers.rebuild import Rebuild, roll_back
from services.workers.unpark import NotParked, NotSkipped, Skip, restore, retry, skip

TYPO = "typed by mistake"


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rebuild reads so little at a time that this log takes it many turns."""
    monkeypatch.setattr("services.workers.rebuild.READ", 40)
    monkeypatch.setattr("services.workers.rebuild.NEAR", 30)


def test_who_skipped_what_and_why_is_in_the_log(
    company: Company, sick: Sick, stream: list[Recorded]
) -> None:
    done = skip(company.platform, sick.view, Skip(stream[0].stream, TYPO), "ann")
    assert (done.applied, done.skipped, done.left) == (len(stream) - 2, 1, 0)
    last = company.log()[-1]
    assert (last.stream, last.type, last.actor) == (
        "exclusion-dealer_stock",
        "StreamSkipped",
        "ann",
    )
    event = company.platform.codec.decode(last.type, last.schema, last.data)
    said = event.stream, event.positions, event.reason
    assert said == (stream[0].stream, (stream[1].position,), TYPO)
    assert waiting(company) == []
    agrees(company, sick.view, stream[1].position)


def test_all_that_waits_can_be_skipped(
    company: Company, sick: Sick, stream: list[Recorded]
) -> None:
    done = skip(company.platform, sick.view, Skip(stream[0].stream, TYPO, every=True), "ann")
    assert (done.applied, done.skipped, done.left) == (0, len(stream) - 1, 0)
    agrees(company, sick.view, *(event.position for event in stream[1:]))


def test_a_skip_that_names_its_event_can_be_asked_again_and_skips_no_other(
    company: Company, sick: Sick, stream: list[Recorded]
) -> None:
    sick.poison.add(stream[2].id)
    named = Skip(stream[0].stream, TYPO, stream[1].position)
    first = skip(company.platform, sick.view, named, "ann")
    head = company.head()
    again = skip(company.platform, sick.view, named, "ann")
    assert (first.skipped, again.skipped, again.left) == (1, 0, len(stream) - 2)
    assert company.head() == head
    for unknown in (replace_position(named, stream[0].position), Skip("stock-nowhere", TYPO)):
        with pytest.raises(NotParked):
            skip(company.platform, sick.view, unknown, "ann")
    assert company.head() == head


def replace_position(asked: Skip, position: int) -> Skip:
    return asked._replace(position=position)


def test_a_skip_that_died_behind_its_event_is_healed_by_asking_again(
    company: Company, sick: Sick, stream: list[Recorded], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(Exception):
        """The process is gone."""

    def dies(*_: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("services.workers.unpark.retry", dies)
        with pytest.raises(Killed):
            skip(company.platform, sick.view, Skip(stream[0].stream, TYPO), "ann")
    assert len(waiting(company)) == len(stream) - 1
    head = company.head()
    done = skip(company.platform, sick.view, Skip(stream[0].stream, "why not"), "bob")
    assert (done.skipped, done.left, company.head()) == (1, 0, head)
    agrees(company, sick.view, stream[1].position)


def test_a_rebuild_leaves_out_what_was_skipped_and_parks_nothing(
    company: Company, sick: Sick, stream: list[Recorded], small_steps: None
) -> None:
    skip(company.platform, sick.view, Skip(stream[0].stream, TYPO), "ann")
    seen: list[int] = []
    work = Rebuild(company.platform.store, company.platform.codec, sick.view)
    made = work.run(lambda *_: seen.extend(waiting(company)))
    assert seen == []
    assert (made.switched, made.parked, made.differences) == (True, 0, [])
    company.work(50)
    settle(company)
    assert waiting(company) == []
    agrees(company, sick.view, stream[1].position)


def test_what_is_skipped_while_a_rebuild_runs_is_left_out_of_the_new_one_too(
    company: Company, sick: Sick, stream: list[Recorded], small_steps: None
) -> None:
    work = Rebuild(company.platform.store, company.platform.codec, sick.view)

    def report(position: int, _: int) -> None:
        if stream[1].position < position and waiting(company).count(stream[1].position) == 2:
            skip(company.platform, sick.view, Skip(stream[0].stream, TYPO), "ann")

    made = work.run(report)
    assert (made.switched, made.parked) == (True, 0)
    settle(company)
    agrees(company, sick.view, stream[1].position)


def test_who_goes_back_to_an_older_generation_meets_nothing_that_was_skipped_since(
    company: Company, sick: Sick, stream: list[Recorded]
) -> None:
    """Neither what is parked there, nor what it has yet to hear, though it can be read by now."""
    store, codec = company.platform.store, company.platform.codec
    assert Rebuild(store, codec, sick.view).run(lambda *_: None, accept=True).switched
    skip(company.platform, sick.view, Skip(stream[0].stream, TYPO), "ann")
    company.work(60)
    fresh = [event for event in company.log() if event.kind == "stock"][-1]
    sick.bad = lambda recorded: recorded.id == fresh.id
    settle(company)
    skip(company.platform, sick.view, Skip(fresh.stream, TYPO), "ann")
    sick.bad = lambda _: False
    assert roll_back(store, codec, sick.view) == 1
    settle(company)
    assert waiting(company) == []
    agrees(company, sick.view, stream[1].position, fresh.position)


def test_a_command_alone_takes_effect_with_the_next_retry(
    company: Company, sick: Sick, stream: list[Recorded]
) -> None:
    asked = SkipParked.model_validate(
        {
            "id": "dealer_stock",
            "parked": stream[0].stream,
            "positions": [stream[1].position],
            "reason": TYPO,
        }
    )
    answer = company.platform.executor.execute(request(asked, "ann"))
    assert isinstance(answer, Outcome)
    assert retry(company.platform, sick.view, stream[0].stream).skipped == 1
    agrees(company, sick.view, stream[1].position)


def skipped(company: Company, sick: Sick, stream: list[Recorded], *, every: bool = False) -> Skip:
    """Something of the stream is left out; by now all of it can be read."""
    skip(company.platform, sick.view, Skip(stream[0].stream, TYPO, every=every), "ann")
    sick.poison.clear()
    return Skip(stream[0].stream, "was right", every=every)


@pytest.mark.parametrize("every", [False, True])
def test_what_is_restored_comes_in_in_its_order_and_no_figure_shows_that_it_was_skipped(
    company: Company, sick: Sick, stream: list[Recorded], every: bool
) -> None:
    asked = skipped(company, sick, stream, every=every)
    sick.read.clear()
    done = restore(company.platform, sick.view, asked, "bob")
    back = [event.position for event in (stream[1:] if every else stream[1:2])]
    assert (done.applied, done.left, sick.read) == (len(back), 0, back)
    last = company.log()[-1]
    event = company.platform.codec.decode(last.type, last.schema, last.data)
    assert (last.type, last.actor, event.positions, event.reason) == (
        "StreamRestored",
        "bob",
        tuple(back),
        "was right",
    )
    assert restore(company.platform, sick.view, asked, "bob").applied == 0
    company.work(40)
    settle(company)
    agrees(company, sick.view)
    made = Rebuild(company.platform.store, company.platform.codec, sick.view).run(lambda *_: None)
    assert (made.switched, made.differences) == (True, [])
    agrees(company, sick.view)


def test_what_is_restored_and_cannot_be_read_yet_waits(
    company: Company, sick: Sick, stream: list[Recorded]
) -> None:
    asked = skipped(company, sick, stream)
    sick.poison.add(stream[1].id)
    done = restore(company.platform, sick.view, asked, "bob")
    assert (done.applied, done.left) == (0, 1)
    assert waiting(company) == [stream[1].position]
    sick.poison.clear()
    assert retry(company.platform, sick.view, stream[0].stream).applied == 1
    settle(company)
    agrees(company, sick.view)


def test_what_was_restored_can_be_skipped_again(
    company: Company, sick: Sick, stream: list[Recorded]
) -> None:
    asked = skipped(company, sick, stream)
    sick.poison.add(stream[1].id)
    restore(company.platform, sick.view, asked, "bob")
    done = skip(company.platform, sick.view, Skip(stream[0].stream, TYPO), "ann")
    assert (done.skipped, done.left) == (1, 0)
    agrees(company, sick.view, stream[1].position)


def test_only_what_was_skipped_is_restored(
    company: Company, sick: Sick, stream: list[Recorded]
) -> None:
    asked = skipped(company, sick, stream)
    head = company.head()
    for unknown in (replace_position(asked, stream[0].position), Skip("stock-nowhere", TYPO)):
        with pytest.raises(NotSkipped):
            restore(company.platform, sick.view, unknown, "bob")
    assert company.head() == head


def test_who_goes_back_to_a_generation_that_left_out_what_is_restored_takes_it_in(
    company: Company, sick: Sick, stream: list[Recorded]
) -> None:
    store, codec = company.platform.store, company.platform.codec
    asked = skipped(company, sick, stream)
    assert Rebuild(store, codec, sick.view).run(lambda *_: None).switched
    restore(company.platform, sick.view, asked, "bob")
    settle(company)
    agrees(company, sick.view)
    assert roll_back(store, codec, sick.view) == 1
    settle(company)
    agrees(company, sick.view)


def test_what_is_restored_while_a_rebuild_runs_is_in_the_new_one_too(
    company: Company, sick: Sick, stream: list[Recorded], small_steps: None
) -> None:
    asked = skipped(company, sick, stream)
    work = Rebuild(company.platform.store, company.platform.codec, sick.view)
    head = company.head()

    def report(position: int, _: int) -> None:
        if stream[1].position < position and company.head() == head:
            restore(company.platform, sick.view, asked, "bob")

    assert work.run(report).switched
    settle(company)
    agrees(company, sick.view)
