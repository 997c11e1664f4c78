"""How what is to be reached is shared out: the parts come to the whole, or it is said by how much
they do not.
"""

from collections.abc import Sequence
from typing import Literal

from aggregates import Refused
from aggregates.settings import SettingsModel


class BreakdownSettings(SettingsModel, id="targets.breakdown"):
    """Parts that do not come to the whole are refused (`agree`), or taken with their `gap`
    (`differ`).
    """

    parts: Literal["agree", "differ"] = "agree"


class PartsDisagree(Refused):
    """What is broken down is neither more nor less than its parts."""


def shared(whole: int, told: Sequence[int | None]) -> list[int]:
    """The parts as told; those left open share what is left evenly, the first ones the odd units.

    Where more is told than there is, they get nothing.
    """
    left = max(0, whole - sum(one or 0 for one in told))
    even, odd = divmod(left, max(1, told.count(None)))
    found = list[int]()
    for one in told:
        found.append(even + (odd > 0) if one is None else one)
        odd -= one is None
    return found


def disagree(whole: int, total: int) -> PartsDisagree:
    gap = whole - total
    if gap > 0:
        en, zh = f"{gap} less than", f"少 {gap}"
    else:
        en, zh = f"{-gap} more than", f"多 {-gap}"
    return PartsDisagree(
        f"The parts come to {total}, {en} the whole of {whole}. Correct the parts, leave some"
        " open to share what is left, or let them differ: change-settings targets.breakdown.",
        f"各部分合计 {total}，比总目标 {whole} {zh}。请更正各部分，或留空几项以分摊余额，"
        "或在设置 targets.breakdown 中允许不一致。",
    )
