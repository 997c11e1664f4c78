"""What names are sorted by: how they are read, which is pinyin for Chinese characters.

Syllable by syllable, so that 李 and 西安 come before 梁 and 先. Names that are read alike stand
together by their characters.
"""

from collections.abc import Iterator
from functools import lru_cache

from projections.engine import pinyin
from projections.engine.words import RUNS, folded

READ = 64
"""Characters of a name that count."""
APART = "\t"
"""Between the reading and the name: it comes before a blank, so that a shorter name is first."""


def column_of(field: str) -> str:
    """Where a record keeps how a field is read."""
    return f"{field}_reading"


@lru_cache(maxsize=50_000)
def reading(name: str | None) -> str:
    """A text whose bytes are in the order of names; empty where there is no name."""
    if not name:
        return ""
    return f"{' '.join(_syllables(folded(name)[:READ]))}{APART}{name[:READ]}"


def _syllables(name: str) -> Iterator[str]:
    for chinese, other in RUNS.findall(name):
        if other:
            yield other
        else:
            read = zip(chinese, pinyin.syllables(chinese), strict=True)
            yield from (syllable or character for character, syllable in read)
