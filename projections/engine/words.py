"""What a thing is found by: words of its texts and their pinyin, and what is looked for in them.

A text of Chinese characters is found by any part of it, and by its pinyin from any character on,
in full or by the first letters; everything else by the beginning of a word or number. Letters are
the same whatever their case and width.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from projections.engine import pinyin

LONGEST = 24
"""Letters of a word that count: in what is found, and in what is looked for."""
READ = 24
"""Characters of a Chinese text from which on its pinyin is known."""
HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
RUNS = re.compile(rf"([{HAN}]+)|([^\s{HAN}]+)")
BEGINNINGS = re.compile(r"(?<![^\W\d_])[^\W\d_]|(?<!\d)\d")
"""Where letters begin, or digits: `SKU-100ml` is found by sku, 100 and ml."""
ENDS = re.compile(r"^[\W_]+|[\W_]+$")


def found_by(texts: Iterable[str | None]) -> str:
    """Every run of Chinese characters, and every beginning of a word and of pinyin to its end,
    each once and with a blank before it.
    """
    found: dict[str, None] = {}
    for text in texts:
        for chinese, other in RUNS.findall(folded(text or "")):
            found |= dict.fromkeys(_chinese(chinese) if chinese else _beginnings(other))
    return "".join(f" {one}" for one in found)


def pieces(asked: str) -> list[str]:
    """What all must be found: runs of Chinese characters, and words without signs around them."""
    found: dict[str, None] = {}
    for chinese, other in RUNS.findall(folded(asked)):
        found[chinese or ENDS.sub("", other)[:LONGEST]] = None
    found.pop("", None)
    return list(found)


def within(piece: str) -> str:
    """The part of `found_by` that shows a piece to be found."""
    return piece if is_chinese(piece) else f" {piece}"


def matches(found: str, asked: str) -> bool:
    return all(within(piece) in found for piece in pieces(asked))


def is_chinese(piece: str) -> bool:
    return RUNS.match(piece)[1] is not None  # type: ignore[index]


def grams(found: str) -> set[str]:
    """What an index has of it: words and pinyin as they are, and of Chinese characters each with
    the one after it.
    """
    made = set[str]()
    for one in found.split():
        made |= set(pairs(one)) if is_chinese(one) else {one}
    return made


def pairs(chinese: str) -> Iterator[str]:
    return (chinese[place : place + 2] for place in range(len(chinese)))


def folded(text: str) -> str:
    """Letters alike, whatever their case and width."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def _chinese(run: str) -> Iterator[str]:
    yield run
    read = [one for one in pinyin.syllables(run) if one]
    for place in range(min(len(read), READ)):
        yield "".join(read[place : place + LONGEST])[:LONGEST]
        if place + 1 < len(read):
            yield "".join(one[0] for one in read[place : place + LONGEST])


def _beginnings(word: str) -> Iterator[str]:
    return (word[one.start() : one.start() + LONGEST] for one in BEGINNINGS.finditer(word))
