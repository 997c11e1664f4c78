"""How Chinese characters are read, without tones: 上海 is `shang hai`, as people type it."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

PHRASE = 4
"""Characters of the longest phrase that is looked up for how its characters are read in it."""
TRADES = "茶商车药米布粮银鱼珠洋木花果酒菜肉油纸书电货分支总央五金"
"""After these, 行 is a shop, a trade or a bank, and read `hang`."""
DIAERESIS = "\u0308"


class Readings(NamedTuple):
    single: Mapping[int, str]
    """By code point: readings with tones, the usual one first."""
    phrases: Mapping[str, Sequence[Sequence[str]]]


@lru_cache(maxsize=1)
def _readings() -> Readings:
    from pypinyin.phrases_dict import phrases_dict  # here: most processes never need them
    from pypinyin.pinyin_dict import pinyin_dict

    shops: dict[str, Sequence[Sequence[str]]] = {f"{one}行": (("",), ("hang",)) for one in TRADES}
    usual = {phrase: [[pinyin_dict[ord(phrase[0])]], shops[phrase][1]] for phrase in shops}
    return Readings(pinyin_dict, {**phrases_dict, **usual})


def syllables(text: str) -> list[str]:
    """One for each character, empty where nobody has said how it is read.

    The longest phrase at each place decides how its characters are read.
    """
    return list(_read(text))


def _read(text: str) -> Iterator[str]:
    known, place = _readings().phrases, 0
    while place < len(text):
        for end in range(min(place + PHRASE, len(text)), place + 1, -1):
            if text[place:end] in known:
                yield from _phrase(text[place:end])
                place = end
                break
        else:
            yield _single(text[place])
            place += 1


@lru_cache(maxsize=50_000)
def _phrase(phrase: str) -> Sequence[str]:
    return [_plain(one[0]) for one in _readings().phrases[phrase]]


@lru_cache(maxsize=30_000)
def _single(character: str) -> str:
    return _plain(_readings().single.get(ord(character), ""))


def _plain(reading: str) -> str:
    """The first of the readings in letters from a to z; ü is v, as on a keyboard."""
    apart = unicodedata.normalize("NFD", reading.partition(",")[0])
    typed = apart.replace(f"u{DIAERESIS}", "v")
    return "".join(letter for letter in typed if "a" <= letter <= "z")
