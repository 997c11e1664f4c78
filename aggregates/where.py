"""Conditions in brackets: `(region=east and amount.gte=100) or name.contains=茶`.

`and`, `or` and `not` are words; where `and` and `or` both occur, brackets say what belongs
together. A value with blanks or brackets stands in quotation marks, as JSON writes it.
"""

import json
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from aggregates.conditions import AllOf, AnyOf, Not, Tree
from aggregates.unclear import Unclear

PARAMETER = "where"
LONGEST, DEEPEST, MOST = 10_000, 10, 500
"""Characters, brackets within brackets, and conditions."""
BLANKS = re.compile(r"\s*")
WORD = re.compile(r"(and|or|not)(?=[\s(]|$)", re.IGNORECASE)
NAME = re.compile(r"[A-Za-z_][\w.]*", re.ASCII)
COMPARED = re.compile(r"<=|>=|!=|<>|<|>|==|~")
SUFFIXES = {
    "<=": "lte",
    ">=": "gte",
    "!=": "not",
    "<>": "not",
    "<": "lt",
    ">": "gt",
    "~": "contains",
}
QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
BARE = re.compile(r'[^\s()"（）“”]+')
Read = Callable[[str, Sequence[str]], Tree]
"""Makes a condition of a name with its suffix and its values."""


class _Mark(NamedTuple):
    """A word that joins, and where it stands."""

    word: str
    place: int


def parse(text: str, read: Read) -> Tree:
    """Raises `Unclear`, which names the place, where the text or a condition makes no sense."""
    return _Parser(text, read).whole()


class _Parser:
    def __init__(self, text: str, read: Read) -> None:
        self.text, self.read = text, read
        self.place = self.conditions = self.depth = 0

    def whole(self) -> Tree:
        tree = self._joined()
        if self.place < len(self.text):
            raise self._wrong(
                "bracket", "This bracket closes nothing: leave it out.", "多余的右括号，请去掉。"
            )
        return tree

    def _joined(self) -> Tree:
        """Parts with one word between them, up to a closing bracket or the end."""
        parts, first = [self._part()], None
        while (mark := self._joint()) is not None:
            if first is not None and mark.word != first.word:
                raise self._mixed(first, mark)
            first = first or mark
            parts.append(self._part())
        if first is None:
            return parts[0]
        return AllOf(parts) if first.word == "and" else AnyOf(parts)

    def _joint(self) -> _Mark | None:
        self._blanks()
        if self.place == len(self.text) or self.text[self.place] == ")":
            return None
        place, found = self.place, WORD.match(self.text, self.place)
        if found is None or (word := found[1].lower()) == "not":
            raise self._wrong(
                "joint",
                "Write and or or between two conditions, and a value that has blanks or brackets"
                ' in quotation marks: name="a b"',
                '两个条件之间请写 and 或 or；含空格或括号的值请加双引号，例如 name="a b"',
            )
        self.place = found.end()
        return _Mark(word, place)

    def _part(self) -> Tree:
        self._blanks()
        if self.text.startswith("(", self.place):
            return self._bracketed()
        found = WORD.match(self.text, self.place)
        if found is not None and found[1].lower() == "not":
            self.place = found.end()
            return self._deeper(lambda: Not(self._part()))
        return self._condition()

    def _bracketed(self) -> Tree:
        opened = self.place
        self.place += 1
        tree = self._deeper(self._joined)
        if not self.text.startswith(")", self.place):
            self.place = opened
            raise self._wrong(
                "bracket",
                "This bracket is never closed: write ) after it.",
                "括号没有闭合，请补上 )。",
            )
        self.place += 1
        return tree

    def _deeper(self, inner: Callable[[], Tree]) -> Tree:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self._wrong(
                "too_deep",
                f"There may be {DEEPEST} brackets within one another at most.",
                f"括号最多嵌套 {DEEPEST} 层。",
            )
        tree = inner()
        self.depth -= 1
        return tree

    def _condition(self) -> Tree:
        start, found = self.place, NAME.match(self.text, self.place)
        if found is None:
            raise self._wrong(
                "condition",
                "A condition is missing here: write one such as region=east, or a bracket.",
                "此处缺少条件：请填写 region=east 这样的条件，或括号。",
            )
        name, self.place = found[0], found.end()
        self._blanks()
        value = self._value(name)
        self.conditions += 1
        if self.conditions > MOST:
            raise self._wrong(
                "too_many", f"Give at most {MOST} conditions.", f"最多 {MOST} 个条件。"
            )
        try:
            return self.read(name, [value])
        except Unclear as error:
            self.place = start
            raise self._wrong(error.code, str(error), error.zh) from error

    def _value(self, name: str) -> str:
        if sign := COMPARED.match(self.text, self.place):
            suffix = SUFFIXES.get(sign[0])
            form = f"{name}.{suffix}=" if suffix else f"{name}="
            raise self._wrong(
                "sign", f"Write {form} in place of {sign[0]}", f"请写 {form}，不要写 {sign[0]}"
            )
        if not self.text.startswith("=", self.place):
            raise self._wrong("sign", f"Write = after {name}.", f"{name} 之后请写 =。")
        self.place += 1
        self._blanks()
        if self.text.startswith('"', self.place):
            return self._quoted()
        if (found := BARE.match(self.text, self.place)) is None:
            raise self._wrong(
                "value",
                f"A value is missing after {name}=. Write it, in quotation marks where it has"
                f" blanks or brackets; for no value, {name.partition('.')[0]}.empty=true",
                f"{name}= 之后缺少值。请填写，含空格或括号时加半角双引号；"
                f"没有值请写 {name.partition('.')[0]}.empty=true",
            )
        self.place = found.end()
        return found[0]

    def _quoted(self) -> str:
        found = QUOTED.match(self.text, self.place)
        try:
            value: str = json.loads(found[0] if found else "")
            value.encode()  # half of a pair of surrogates is no text
        except ValueError:
            raise self._wrong(
                "quoted",
                'A text in quotation marks ends with one; within it, write \\" and \\\\.',
                '引号内的文本须以引号结束；其中的引号和反斜杠请写 \\" 和 \\\\。',
            ) from None
        assert found is not None, "nothing is no JSON"
        self.place = found.end()
        return value

    def _blanks(self) -> None:
        found = BLANKS.match(self.text, self.place)
        assert found is not None, "there may be no blanks"
        self.place = found.end()

    def _mixed(self, first: _Mark, mark: _Mark) -> Unclear:
        self.place = mark.place
        return self._wrong(
            "mixed",
            f"{mark.word} follows {first.word}: put brackets around what belongs together, such as"
            " (a=1 and b=2) or c=3",
            f"{mark.word} 与 {first.word} 混用：请用括号标明组合，例如 (a=1 and b=2) or c=3",
        )

    def _wrong(self, code: str, en: str, zh: str) -> Unclear:
        rest = self.text[self.place : self.place + 20]
        place = self.place + 1
        at = f"At character {place}, {rest}: " if rest else "At the end: "
        hier = f"第 {place} 个字符处（{rest}）：" if rest else "末尾处："
        return Unclear(PARAMETER, code, f"{at}{en}", f"{hier}{zh}")
