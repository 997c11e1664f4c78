"""What a view leaves out is said once, in order, and can be taken back."""

import pytest

from aggregates.operations.exclusion import (
    Exclusion,
    NotSkipped,
    SkippedAlready,
    StreamRestored,
    StreamSkipped,
)

TEA, TWICE = "stock-W1:tea", "typed twice"
FIRST = StreamSkipped(TEA, (3, 7), TWICE)
BACK = StreamRestored(TEA, (3,), "was right")


def test_what_is_skipped_is_recorded_with_its_reason_in_order() -> None:
    assert list(Exclusion().skip(TEA, (7, 3, 7), TWICE)) == [FIRST]


def test_what_is_skipped_already_is_not_skipped_again() -> None:
    state = Exclusion.after([FIRST])
    assert list(state.skip(TEA, (7, 3), TWICE)) == []
    (more,) = state.skip(TEA, (3, 9), TWICE)
    assert more == StreamSkipped(TEA, (9,), TWICE)


@pytest.mark.parametrize(("stream", "why"), [(TEA, "another reason"), ("stock-W1:cup", TWICE)])
def test_what_is_skipped_for_one_reason_is_not_silently_skipped_for_another(
    stream: str, why: str
) -> None:
    with pytest.raises(
        SkippedAlready, match="Position 7 of stock-W1:tea is skipped already, because: typed"
    ) as refused:
        list(Exclusion.after([FIRST]).skip(stream, (7,), why))
    assert "7" in refused.value.zh


def test_a_skip_is_taken_back_once_and_can_be_made_again() -> None:
    state = Exclusion.after([FIRST])
    assert list(state.restore(TEA, (3,), "was right")) == [BACK]
    restored = Exclusion.after([FIRST, BACK])
    assert list(restored.restore(TEA, (3,), "was right")) == []
    assert list(restored.skip(TEA, (3,), TWICE)) == [StreamSkipped(TEA, (3,), TWICE)]


@pytest.mark.parametrize(("stream", "at"), [(TEA, 4), ("stock-W1:cup", 7), (TEA, 3)])
def test_only_what_is_skipped_is_restored(stream: str, at: int) -> None:
    with pytest.raises(NotSkipped, match=f"Position {at} of {stream} is not skipped"):
        list(Exclusion.after([FIRST, BACK]).restore(stream, (7, at), "another word"))
