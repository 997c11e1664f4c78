"""Rows as PostgreSQL reads them: the lines of a COPY, and the literals of an INSERT."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Table, Text

Row = Sequence[Any]
NULL = "\\N"
HEX = "'\\x%s'"
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copy_lines(table: Table, rows: Sequence[Row]) -> str:
    """Rows as COPY reads them: by one template, or value by value where one needs an escape."""
    template, apart = _template(table)
    lines, escapes, columns = [], 0, len(table.columns)
    for row in rows:
        values = [*row]
        if len(values) != columns:
            raise ValueError(f"a row is shorter or longer than the columns of {table.name}")
        for number, spell in apart:
            values[number] = word = spell(values[number])
            escapes += word.count("\\")
        lines.append(template % tuple(values))
    text = "".join(lines)
    if is_literal_row(text, len(rows), columns, escapes):
        return text
    encode = _encoders(table)
    lines = ["\t".join([e(v) for e, v in zip(encode, row, strict=True)]) for row in rows]
    return "\n".join([*lines, ""])


def is_literal_row(text: str, rows: int, columns: int, escapes: int = 0) -> bool:
    """Whether rows that were spelt with so many escapes need no more."""
    tabs, ends = text.count("\t"), text.count("\n")
    whole = tabs == rows * (columns - 1) and ends == rows
    return whole and text.count("\\") == escapes and "\r" not in text


@lru_cache(maxsize=256)
def _template(table: Table) -> tuple[str, Sequence[tuple[int, Callable[[Any], str]]]]:
    """Of a row, and how to spell those of its values that can be a NULL or bytes."""
    apart = [
        (number, _encoder(column.type))
        for number, column in enumerate(table.columns)
        if column.nullable or isinstance(column.type, LargeBinary)
    ]
    return "\t".join(["%s"] * len(table.columns)) + "\n", apart


@lru_cache(maxsize=256)
def _encoders(table: Table) -> tuple[Callable[[Any], str], ...]:
    return tuple(_encoder(column.type) for column in table.columns)


def _encoder(kind: Any) -> Callable[[Any], str]:
    if isinstance(kind, BigInteger | Integer):
        return _number
    return _bytes if isinstance(kind, LargeBinary) else _text


def _number(value: int | None) -> str:
    return NULL if value is None else str(value)


def _bytes(value: bytes | None) -> str:
    return NULL if value is None else "\\\\x" + value.hex()


def _text(value: Any) -> str:
    if value is None:
        return NULL
    text = str(value)
    # Nearly every value can stay as it is, and seeing that costs a fifth of translating it.
    return text if text.isprintable() and "\\" not in text else text.translate(ESCAPES)


def literal(table: Table, rows: Sequence[Row]) -> str:
    """The INSERT of a few rows as PostgreSQL reads it; raises `ValueError` for a NUL.

    It relies on `standard_conforming_strings`, which every connection sets.
    """
    spelt = ",".join(map(_speller(table), rows))
    return f"INSERT INTO {table.name} ({names(table)}) VALUES {spelt}"  # noqa: S608


def tuples(rows: Sequence[Row]) -> str:
    """Rows of numbers and texts as a VALUES list has them."""
    spelt = (",".join([str(v) if type(v) is int else quoted(v) for v in row]) for row in rows)
    return ",".join([f"({row})" for row in spelt])


@lru_cache(maxsize=256)
def names(table: Table) -> str:
    """Its columns, quoted: a field of a record may be called `order`."""
    return ",".join(f'"{column.name}"' for column in table.columns)


@lru_cache(maxsize=256)
def _speller(table: Table) -> Callable[[Row], str]:
    """Spells a row by one template; a row with a quote or a NUL in its texts, value by value."""
    quoters = [_quoter(column.type) for column in table.columns]
    words = [_word(column) for column in table.columns]
    template = ",".join(words)
    own = template.count("'")
    hexed = [n for n, word in enumerate(words) if word == HEX]
    apart = [(n, quote) for n, quote in enumerate(quoters) if words[n] == "%s"]

    def spell(row: Row) -> str:
        values, quotes = list(row), own
        for number in hexed:
            values[number] = values[number].hex()
        for number, quote in apart:
            values[number] = word = quote(values[number])
            quotes += word.count("'")
        spelt = template % tuple(values)
        if spelt.count("'") == quotes and "\0" not in spelt:
            return f"({spelt})"
        return f"({','.join([q(value) for q, value in zip(quoters, row, strict=True)])})"

    return spell


def _word(column: Column[Any]) -> str:
    """The column's place in a template; `%s` is for what must be spelt before."""
    if column.nullable:
        return "%s"
    if isinstance(column.type, BigInteger | Integer):
        return "%d"
    if isinstance(column.type, LargeBinary):
        return HEX
    return "'%s'" if isinstance(column.type, Text) else "%s"


def _quoter(kind: Any) -> Callable[[Any], str]:
    if isinstance(kind, BigInteger | Integer):
        return lambda value: "NULL" if value is None else str(value)
    if isinstance(kind, LargeBinary):
        return lambda value: "NULL" if value is None else f"'\\x{value.hex()}'"
    return quoted


def quoted(value: Any) -> str:
    """A text as PostgreSQL reads it; raises `ValueError` for a NUL."""
    if value is None:
        return "NULL"
    text = value if type(value) is str else str(value)
    if "\0" in text:
        raise ValueError("a text with a NUL cannot be stored: leave it out")
    return "'" + text.replace("'", "''") + "'"
