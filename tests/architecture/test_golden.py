"""What was stored once can be read for ever."""

from typing import Any

import msgspec
import pytest
from golden import Golden, add, events, kept, shape

from infra.codec import Codec
from infra.settings import Settings
from services.bootstrap import platform

GOLDEN = kept()
NAMES = [f"{golden.type}-{golden.schema}-{golden.shape}" for golden in GOLDEN]
ADD = "run `python -m tests.golden` and keep what it writes"


@pytest.fixture(scope="module")
def codec(tmp_path_factory: pytest.TempPathFactory) -> Codec:
    """The one that the platform reads its log with, upcasters and all."""
    made = platform(Settings(data=tmp_path_factory.mktemp("golden")))
    made.close()
    return made.codec


@pytest.mark.parametrize("golden", GOLDEN, ids=NAMES)
def test_an_event_of_any_age_can_be_read(golden: Golden, codec: Codec) -> None:
    event = codec.decode(golden.type, golden.schema, bytes(golden.data))
    assert isinstance(event, events()[golden.type])
    if golden.shape == shape(type(event)):
        assert codec.encode(event) == bytes(golden.data)
    assert codec.decode(golden.type, event.schema, codec.encode(event)) == event


def test_every_event_has_a_golden_example() -> None:
    known = {(golden.type, golden.schema, golden.shape) for golden in GOLDEN}
    missing = [n for n, kind in events().items() if (n, kind.schema, shape(kind)) not in known]
    assert not missing, f"{', '.join(missing)}: {ADD}"


@pytest.mark.parametrize("golden", GOLDEN, ids=NAMES)
def test_within_a_schema_fields_are_only_added_at_the_end_with_a_default(
    golden: Golden, codec: Codec
) -> None:
    if golden.schema != events()[golden.type].schema:
        return
    how = f"raise `schema` of {golden.type} and add an upcaster, then {ADD}"
    event = codec.decode(golden.type, golden.schema, bytes(golden.data))
    before, now = (msgspec.json.decode(data) for data in (golden.data, codec.encode(event)))
    assert grown(before, now), how


def grown(before: Any, now: Any) -> bool:
    """Whether all is as it was, in its place, but for what comes after it."""
    if isinstance(before, dict):
        same = list(now)[: len(before)] == list(before)
        return same and all(grown(value, now[name]) for name, value in before.items())
    if isinstance(before, list):
        return len(before) == len(now) and all(map(grown, before, now))
    return bool(before == now)


def test_no_golden_event_is_lost() -> None:
    gone = {golden.type for golden in GOLDEN} - set(events())
    assert not gone, f"{', '.join(sorted(gone))}: logs still hold them, so keep the classes"


def test_adding_again_adds_nothing(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path_factory.mktemp("golden") / "events.json"
    monkeypatch.setattr("golden.PLACE", place)
    assert add() == len(events())
    before = place.read_bytes()
    assert add() == 0
    assert place.read_bytes() == before
