"""What was stored once can be read for ever."""

import pytest
from golden import Golden, add, events, kept, shape

from infra.codec import Codec
from infra.settings import Settings
from services.bootstrap import platform

GOLDEN = kept()
NAMES = [f"{golden.type}-{golden.schema}" for golden in GOLDEN]
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
    if golden.schema == event.schema:
        assert codec.encode(event) == bytes(golden.data)
    assert codec.decode(golden.type, event.schema, codec.encode(event)) == event


def test_every_event_has_a_golden_example() -> None:
    known = {(golden.type, golden.schema) for golden in GOLDEN}
    missing = [name for name, kind in events().items() if (name, kind.schema) not in known]
    assert not missing, f"{', '.join(missing)}: {ADD}"


def test_no_event_changes_its_shape_without_a_new_schema() -> None:
    shapes = {(golden.type, golden.schema): golden.shape for golden in GOLDEN}
    changed = [
        name
        for name, kind in events().items()
        if shapes.get((name, kind.schema), shape(kind)) != shape(kind)
    ]
    how = f"raise `schema` of the class, add an upcaster, then {ADD}"
    assert not changed, f"the shape of {', '.join(changed)} has changed: {how}"


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
