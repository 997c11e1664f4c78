"""What is asked is decided once, in order, on what is true, and stored whole or not at all."""

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

import pytest
from accounts import (
    Account,
    Ask,
    Blunder,
    Decline,
    Look,
    Move,
    Paid,
    Pay,
    Refused,
    Smear,
    Take,
    ask,
)
from msgspec.structs import replace
from sqlalchemy import Connection, select
from sqlalchemy.exc import OperationalError

from infra import bulk, tables
from infra.database import Database
from infra.events import GENESIS, Recorded, verify
from infra.executor import Executor
from infra.log import State
from infra.recorder import LogRecorder
from infra.requests import KeyReused, Outcome, Unavailable, VersionMismatch

Start = Callable[[], Executor]


class NotAnn(Refused):
    """The account is Ann's."""


class Signed(Ask):
    """Pay, where Ann asks it."""

    def across(self, load: Any, at: datetime) -> Iterator[tuple[str, Paid]]:
        if load.actor != "ann":
            raise NotAnn
        yield self.stream, Paid(self.amount)


class Lent(Ask):
    """Pay, and have Ann pay as well, whoever asks it."""

    def across(self, load: Any, at: datetime) -> Iterator[tuple[str, Paid]]:
        yield self.stream, Paid(self.amount)
        load.perform(Signed("b"), "ann", "lent", "corr-9")


class Tried(Ask):
    """Pay what Ann would, without her paying it."""

    def across(self, load: Any, at: datetime) -> Iterator[tuple[str, Paid]]:
        rehearsal = load.rehearse(Signed("b", 7), "ann")
        assert rehearsal.load(Account, "b").balance == 7
        yield self.stream, *rehearsal.events


def test_the_same_key_answers_its_first_outcome_for_ever(start: Start) -> None:
    first = start().execute(ask(Pay("a", 5), "key"))
    again = start().execute(ask(Pay("a", 5), "key"))
    assert again == replace(first, repeated=True)
    assert [event.position for event in again.events] == [1]
    assert balance(start(), "a") == 5


def test_a_key_twice_in_one_batch_takes_effect_once(executor: Executor) -> None:
    first, again = executor.commit([ask(Pay("a", 5), "key")] * 2)
    assert isinstance(first, Outcome)
    assert again == replace(first, repeated=True)
    assert balance(executor, "a") == 5


def test_a_key_is_not_for_another_request(start: Start) -> None:
    executor = start()
    executor.execute(ask(Pay("a", 5), "key"))
    for asked in (executor, start()):
        with pytest.raises(KeyReused, match="take a new key"):
            asked.execute(ask(Pay("a", 6), "key"))
    assert balance(executor, "a") == 5


def test_a_rehearsal_answers_what_would_be_and_writes_nothing(executor: Executor) -> None:
    executor.execute(ask(Pay("a", 5), "first"))
    asked = [ask(Pay("a", 5), "first"), ask(Pay("a", 3), "key"), ask(Take("a", 9))]
    for _ in range(2):
        again, paid, refused = map(outcome, executor.rehearse(asked))
        assert (again.repeated, paid.repeated, paid.version) == (True, False, 2)
        assert refused.refusal == "TooLittle"
        assert (balance(executor, "a"), version(executor, "a")) == (5, 1)
    assert not executor.execute(asked[1]).repeated


def test_a_command_sees_who_asks_it(executor: Executor) -> None:
    asked = [replace(ask(Signed("a")), actor=name) for name in ("ann", "ben")]
    assert [outcome(answer).refusal for answer in executor.commit(asked)] == [None, "NotAnn"]
    assert balance(executor, "a") == 1


def test_a_command_that_another_performs_is_asked_by_whom_that_names(executor: Executor) -> None:
    asked = replace(ask(Lent("a")), actor="ben")
    assert [event.stream for event in executor.execute(asked).events] == ["account-a", "account-b"]
    with executor.log.recorder.database.read() as connection:
        told = executor.log.recorder.read(connection, 0, 9)
    envelopes = [(one.actor, one.correlation_id, one.causation_id) for one in told]
    assert envelopes == [("ben", "corr-1", None), ("ann", "corr-9", "lent")]


def test_what_a_command_rehearses_leaves_nothing(executor: Executor) -> None:
    assert executor.execute(ask(Tried("a"))).refusal is None
    assert (balance(executor, "a"), balance(executor, "b")) == (7, 0)


def test_a_refused_command_fails_alone(executor: Executor) -> None:
    answers = executor.commit([ask(Pay("a", 5)), ask(Take("a", 9)), ask(Take("a", 2))])
    assert [outcome(answer).refusal for answer in answers] == [None, "TooLittle", None]
    assert outcome(answers[1]).message == "only 5 are there: take fewer"
    assert (balance(executor, "a"), version(executor, "a")) == (3, 2)


def test_a_key_whose_command_was_refused_is_decided_anew(start: Start) -> None:
    """What was wrong has been mended, and the same request is sent again."""
    executor = start()
    assert executor.execute(ask(Take("a", 1), "key")).refusal == "TooLittle"
    executor.execute(ask(Pay("a", 5)))
    for asked in (executor, start()):
        again = asked.execute(ask(Take("a", 1), "key"))
        assert (again.refusal, again.version, again.position) == (None, 2, 2)
    assert again.repeated
    assert balance(executor, "a") == 4


def test_a_refusal_that_is_an_event_is_remembered_for_ever(start: Start) -> None:
    first = start().execute(ask(Decline("a", 3), "key"))
    assert start().execute(ask(Decline("a", 3), "key")) == replace(first, repeated=True)


def test_a_key_that_took_effect_is_met_by_a_refused_request_too(start: Start) -> None:
    """Nothing is written for a refusal, so that the key itself must be looked for."""
    executor = start()
    executor.execute(ask(Pay("a", 5), "key"))
    executor.execute(ask(Take("a", 5)))
    with pytest.raises(KeyReused):
        executor.execute(ask(Take("a", 5), "key"))


def test_a_refusal_may_be_an_event(executor: Executor) -> None:
    answer = executor.execute(ask(Decline("a", 3)))
    assert (answer.refusal, answer.version) == ("Declined", 1)
    assert [event.type for event in stored(executor)] == ["Declined"]


def test_nothing_happening_is_an_outcome_too(start: Start) -> None:
    start().execute(ask(Look("a"), "key"))
    answer = start().execute(ask(Look("a"), "key"))
    assert (answer.repeated, answer.events, answer.refusal) == (True, (), None)


def test_who_saw_an_older_version_is_told_and_nothing_is_kept(executor: Executor) -> None:
    executor.execute(ask(Pay("a", 5)))
    with pytest.raises(VersionMismatch, match="account-a is at version 1, not 0") as told:
        executor.execute(ask(Pay("a", 5), "key", expected=0))
    assert told.value.version == 1
    assert executor.execute(ask(Pay("a", 7), "key", expected=1)).version == 2


def test_a_batch_is_decided_in_order_on_what_it_has_staged(executor: Executor) -> None:
    executor.execute(ask(Pay("a", 1)))
    answers = executor.commit(
        [ask(Pay("a", 1), expected=1), ask(Pay("a", 1), expected=1), ask(Take("a", 2), expected=2)]
    )
    assert isinstance(answers[1], VersionMismatch)
    assert [outcome(answers[n]).version for n in (0, 2)] == [2, 3]


def test_several_streams_change_together(executor: Executor) -> None:
    executor.execute(ask(Pay("a", 5)))
    answer = executor.execute(ask(Move("a", 4, to="b")))
    assert [(e.stream, e.version) for e in answer.events] == [("account-b", 1), ("account-a", 2)]
    assert (balance(executor, "a"), balance(executor, "b")) == (1, 4)


def test_what_is_refused_half_way_leaves_nothing(executor: Executor) -> None:
    answers = executor.commit(
        [ask(Pay("b", 7)), ask(Move("a", 4, to="b")), ask(Take("b", 7)), ask(Pay("b", 1))]
    )
    assert [outcome(answer).refusal for answer in answers] == [None, "TooLittle", None, None]
    assert (balance(executor, "a"), balance(executor, "b"), version(executor, "b")) == (0, 1, 3)


def test_a_command_sees_what_it_has_yielded(executor: Executor) -> None:
    answer = executor.execute(ask(Move("a", 4, to="a")))
    assert [(e.type, e.version) for e in answer.events] == [("Paid", 1), ("Taken", 2)]


@pytest.mark.parametrize("fault", [Blunder("a", 3), Smear("a", 3)])
def test_a_faulty_rule_fails_alone(executor: Executor, fault: Ask) -> None:
    answers = executor.commit([ask(Pay("a", 1)), ask(fault, "key"), ask(Pay("a", 1))])
    assert isinstance(answers[1], KeyError | TypeError)
    assert (balance(executor, "a"), version(executor, "a")) == (2, 2)
    assert executor.execute(ask(Pay("a", 9), "key")).version == 3  # the key is still free
    whole(executor)


@pytest.mark.parametrize("key", ["\0", "\ud800"])
def test_a_key_that_cannot_be_stored_fails_alone(executor: Executor, key: str) -> None:
    answers = executor.commit([ask(Pay("a", 1)), ask(Pay("a", 1), key), ask(Pay("a", 1))])
    assert outcome(answers[0]).version == 1
    assert outcome(answers[2]).version == version(executor, "a")
    whole(executor)


def test_two_processes_never_decide_on_a_stale_state(start: Start) -> None:
    """Accounts are taken from by many at once; what was granted was there."""
    executors = [start(), start()]
    streams = ["a", "b", "c"]
    executors[0].commit([ask(Pay(name, 40)) for name in streams])
    granted: list[Outcome] = []

    def spend(executor: Executor, number: int) -> None:
        for turn in range(20):
            name, to = streams[(turn + number) % 3], streams[(turn + number + 1) % 3]
            pair = [ask(Take(name, 3)), ask(Move(name, 2, to=to))]
            granted.extend(outcome(answer) for answer in executor.commit(pair))

    crowd = [threading.Thread(target=spend, args=(executors[n % 2], n)) for n in range(6)]
    together(crowd)
    taken = sum(3 for answer in granted if answer.refusal is None and len(answer.events) == 1)
    fresh = start()
    assert len(granted) == 240
    assert {answer.refusal for answer in granted} == {None, "TooLittle"}
    assert sum(balance(fresh, name) for name in streams) == 120 - taken
    whole(fresh)
    for name in streams:
        for executor in executors:
            assert balance(executor, name) == balance(fresh, name)


def test_even_a_refusal_sees_what_others_wrote(start: Start) -> None:
    """It writes no event, so that no taken version would betray a stale state."""
    one, other = start(), start()
    assert one.execute(ask(Take("a", 5))).refusal == "TooLittle"
    other.execute(ask(Pay("a", 5)))
    assert one.execute(ask(Take("a", 5))).refusal is None
    assert other.execute(ask(Take("a", 5))).refusal == "TooLittle"


def test_a_rollback_burns_no_position(
    recorder: LogRecorder, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    executor = start()
    executor.execute(ask(Pay("a")))

    def refuse(*_: object) -> None:
        raise RuntimeError("the power went")

    with monkeypatch.context() as patched:
        if recorder.database.sqlite:
            patched.setattr(recorder.database.engine.dialect, "do_commit", refuse)
        patched.setattr(bulk, "run", refuse)
        with pytest.raises(RuntimeError):
            executor.execute(ask(Pay("a")))
    assert start().execute(ask(Pay("b"))).position == 2
    again = executor.execute(ask(Pay("a")))
    assert (again.position, again.version) == (3, 2)
    whole(executor)


def test_a_lost_answer_to_a_commit_is_found_again(
    database: Database, executor: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    executor.execute(ask(Pay("a", 1)))
    lose_answers(database, monkeypatch, [True])
    answers = executor.commit([ask(Pay("a", 2)), ask(Take("a", 9)), ask(Pay("b", 4))])
    assert [outcome(answer).position for answer in answers] == [2, 3, 3]  # refused once more
    assert (balance(executor, "a"), balance(executor, "b")) == (3, 4)
    whole(executor)


def test_a_connection_lost_before_the_commit_is_tried_again(
    database: Database, executor: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    lose_answers(database, monkeypatch, [False, False])
    assert not executor.execute(ask(Pay("a", 2))).repeated
    assert (balance(executor, "a"), version(executor, "a")) == (2, 1)


def test_a_database_that_never_answers_is_unavailable_after_a_while(
    database: Database, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    executor = start()
    executor.patience = 0.2
    lose_answers(database, monkeypatch, [False] * 99)
    with pytest.raises(Unavailable, match="same key"):
        executor.execute(ask(Pay("a", 2)))


def test_a_read_that_fails_while_deciding_is_no_fault_of_the_rule(
    database: Database, executor: Executor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second account is loaded by the rule itself: the database may leave just then."""
    lost = database.engine.dialect.loaded_dbapi.OperationalError("connection lost")
    failures = [OperationalError("SELECT", None, lost)]
    histories = executor.log.recorder.histories

    def fail_once(connection: Connection, streams: Sequence[str]) -> list[Recorded]:
        if "account-b" in streams and failures:
            raise failures.pop()
        return histories(connection, streams)

    monkeypatch.setattr(executor.log.recorder, "histories", fail_once)
    executor.execute(ask(Pay("a", 2)))
    assert executor.execute(ask(Move("a", 2, to="b"))).refusal is None
    assert balance(executor, "b") == 2


def lose_answers(
    database: Database, monkeypatch: pytest.MonkeyPatch, committed: list[bool]
) -> None:
    """The next commits end in a dead connection, after the commit or before it."""
    dialect: Any = database.engine.dialect
    error = dialect.loaded_dbapi.OperationalError("server closed the connection unexpectedly")
    if database.sqlite:
        commit = dialect.do_commit
        monkeypatch.setattr(dialect, "do_commit", lossy(commit, committed, error))
        return
    run = bulk.run  # on PostgreSQL the last statement of the batch commits

    def swift(connection: Connection, statements: Sequence[str]) -> None:
        inner = connection.connection
        try:
            lossy(lambda _: run(connection, statements), committed, error)(inner)
        except dialect.loaded_dbapi.OperationalError as lost:
            raise OperationalError("COMMIT", {}, lost) from lost

    monkeypatch.setattr(bulk, "run", swift)


def lossy(
    commit: Callable[[Any], None], committed: list[bool], error: Exception
) -> Callable[[Any], None]:
    def fail(connection: Any) -> None:
        if not committed:
            return commit(connection)
        if committed.pop(0):
            commit(connection)
        connection.dbapi_connection.close()
        raise error

    return fail


def together(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()


def outcome(answer: Outcome | Exception) -> Outcome:
    if isinstance(answer, Exception):
        raise answer
    return answer


def stored(executor: Executor) -> list[Recorded]:
    recorder = executor.log.recorder
    with recorder.database.read() as connection:
        return recorder.read(connection, 0, 1_000_000)


def balance(executor: Executor, id: str) -> int:
    return state(executor, id)[0].balance


def version(executor: Executor, id: str) -> int:
    return state(executor, id)[1]


def state(executor: Executor, id: str) -> State:
    """As the executor holds it, which must be as the events say."""
    recorder, name = executor.log.recorder, Account.stream(id)
    folded = State(Account())
    with recorder.database.read() as connection:
        executor.log.catch_up(connection, recorder.head(connection))
        held = executor.log.load(connection, Account, name)
        for recorded in recorder.history(connection, name):
            folded = folded.after(executor.log.event(recorded), recorded.occurred_at)
    assert held == folded
    return folded


def whole(executor: Executor) -> None:
    """Positions dense, versions dense, the chain unbroken, the head at its end."""
    digest, versions = GENESIS, dict[str, int]()
    for position, recorded in enumerate(stored(executor), 1):
        assert recorded.position == position
        versions[recorded.stream] = versions.get(recorded.stream, 0) + 1
        assert recorded.version == versions[recorded.stream]
        assert verify(digest, executor.log.recorder.log, recorded)
        digest = recorded.digest
    with executor.log.recorder.database.read() as connection:
        head = connection.execute(select(tables.head)).one()
    assert (head.position, bytes(head.digest)) == (sum(versions.values()), digest)
