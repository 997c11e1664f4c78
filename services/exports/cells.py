"""What a cell of a spreadsheet may hold: text that is no formula, and no more than has room."""

from typing import Any

FORMULA = tuple("=+-@\t\r\n＝＋－＠")
"""What a cell begins with that Excel may run; it reads the wide forms of Chinese keyboards too."""
MARK = "'"


def harmless(value: Any) -> Any:
    """A text with an apostrophe before it where it looks like a formula; a number as it is.

    One that has apostrophes before such a sign gets one more, so that `original` is exact.
    """
    if isinstance(value, str) and value.lstrip(MARK).startswith(FORMULA):
        return MARK + value
    return value


def original(text: str) -> str:
    """The text that `harmless` made this one of."""
    marked = text.startswith(MARK) and text.lstrip(MARK).startswith(FORMULA)
    return text[1:] if marked else text


class NoRoom(Exception):
    """What a format has no room for; `zh` is the sentence in Chinese."""

    def __init__(self, code: str, en: str, zh: str) -> None:
        super().__init__(en)
        self.code, self.zh = code, zh
