"""Products and sums stay within what every figure can hold."""

from aggregates import Refused

MOST = 10**15
"""As much as one amount may be; thousands of them add up in 64 bits."""


class TooLarge(Refused):
    """What comes of figures that are each in order may be too large all the same."""


def within(value: int, en: str, zh: str, most: int = MOST) -> int:
    """The value, or a refusal that says what it is, in both languages, and how it came about."""
    if abs(value) > most:
        raise TooLarge(
            f"{en} is {value}, and may be {most} at most. Check the figures, or divide it up.",
            f"{zh}为 {value}，最多允许 {most}。请检查数字，或分开录入。",
        )
    return value
