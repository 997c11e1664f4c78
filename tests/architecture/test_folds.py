"""A record takes every event of its kind: one that it does not know would park it for good."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from golden import Golden, events, kept

from infra.codec import Codec
from infra.events import Recorded
from infra.settings import Settings
from services.bootstrap import RECORDS, platform

GOLDEN = kept()


@pytest.fixture(scope="module")
def codec(tmp_path_factory: pytest.TempPathFactory) -> Codec:
    made = platform(Settings(data=tmp_path_factory.mktemp("folds")))
    made.close()
    return made.codec


@pytest.mark.parametrize("record", RECORDS, ids=lambda one: one.name)
def test_a_record_knows_every_event_of_its_kind(record: Any, codec: Codec) -> None:
    unknown = list[str]()
    for golden in _of(record):
        event = codec.decode(golden.type, golden.schema, bytes(golden.data))
        stream, data = record.kind.stream("a:b"), bytes(golden.data)
        fields = (1, stream, 1, "id", golden.type, golden.schema, 1, 1, "", "", "", None, "")
        recorded = Recorded(*fields, bytes(32), data)
        try:
            with suppress(LookupError, AttributeError, ValueError, StopIteration):
                record.fold(record.shape(), recorded, event)  # a first event it need not be
        except TypeError as error:
            if "is no event" in str(error):
                unknown.append(golden.type)
    assert unknown == []


def _of(record: Any) -> Iterator[Golden]:
    """The events that are declared in the kind's module, or beside it."""
    home = record.kind.__module__
    for golden in GOLDEN:
        module = events()[golden.type].__module__
        if module == home or module.startswith(f"{home}."):
            yield golden
