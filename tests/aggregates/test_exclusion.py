"""What a view leaves out is said once, in order."""

from aggregates.exclusion import Exclusion, StreamSkipped

FIRST = StreamSkipped("stock-W1:tea", (3, 7), "typed twice")


def test_what_is_skipped_is_recorded_with_its_reason_in_order() -> None:
    assert list(Exclusion().skip("stock-W1:tea", (7, 3, 7), "typed twice")) == [FIRST]


def test_what_is_skipped_already_is_not_skipped_again() -> None:
    state = Exclusion.after([FIRST])
    assert list(state.skip("stock-W1:tea", (7, 3), "another reason")) == []
    (more,) = state.skip("stock-W1:tea", (3, 9), "so is this")
    assert more == StreamSkipped("stock-W1:tea", (9,), "so is this")
