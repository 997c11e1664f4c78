"""A long mapping is what a dictionary would be, and can be kept and read again."""

from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregates import long_mapping
from aggregates.long_mapping import LongMapping

NAMES = [f"O{number}" for number in range(12)]
CHANGES = st.lists(
    st.tuples(st.sampled_from(NAMES), st.one_of(st.none(), st.integers(1, 9))), max_size=60
)


@pytest.fixture(scope="module", autouse=True)
def few() -> Iterator[None]:
    """So few changes apart that all entries are copied within an example."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(long_mapping, "LATELY", 5)
        yield


@settings(max_examples=60)
@given(CHANGES)
def test_it_says_what_a_dictionary_says_and_in_the_same_order(
    changes: list[tuple[str, int | None]],
) -> None:
    told, expected = LongMapping[int](), dict[str, int]()
    for name, value in changes:
        before = dict(told)
        after = told.changed(name, value)
        assert dict(told) == before  # what was handed out stays as it was
        expected.pop(name, None) if value is None else expected.update({name: value})
        assert [*after.items()] == [*expected.items()]
        told = after
    assert (told == expected, len(told), [*told]) == (True, len(expected), [*expected])
    for name in NAMES:
        assert (told.get(name, 0), name in told) == (expected.get(name, 0), name in expected)
    assert msgspec.json.decode(msgspec.json.encode(told), type=LongMapping[int]) == told


def test_a_change_copies_few_entries_however_many_there_are() -> None:
    told = LongMapping({f"O{number}": 1 for number in range(5_000)})
    copied = 0
    for number in range(10):
        after = told.changed(f"N{number}", 1)
        copied += len(after.lately) if after.known is told.known else len(after.known)
        told = after
    assert copied < 2 * 5_100
