"""How alike two parties are: by name, telephone, e-mail, tax id and address.

What may be alike is found by keys. The key of a name tells the name; any other is a bucket of some
million that many values share, so that it tells nothing of a person, and what is found by it has
to be compared.
"""

import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import ClassVar, Literal, NamedTuple, Self
from unicodedata import normalize

Trait = Literal["name", "phone", "email", "tax_id", "address", "named"]
"""By what two are alike; `named` is what somebody has named himself."""
EQUAL = 10_000
LEGAL = ("股份有限公司", "有限责任公司", "有限公司", "集团", "公司", "商行", "经营部", "工厂")
"""What the name of a firm ends with; the longer first."""
COMMON = {
    *("co", "company", "corp", "corporation", "gmbh", "group", "inc", "international", "limited"),
    *("llc", "ltd", "the", "trading"),
}
COMMON_CHINESE = re.compile("商贸|贸易|实业|科技|食品|市|省")
DIGEST = 5
"""Hexadecimal digits of a bucket."""
PHONE = 11
"""Digits of a number without the code of its country."""
WORDS = re.compile(r"[a-z0-9]+")
CHINESE = re.compile("[㐀-鿿]+")
HOUSE = re.compile("^.*?号")
AREA = re.compile("^.*[区县镇乡]")
RUN = 2
"""Characters that are compared at a time."""
SHORT = 5
"""Letters of a name that says something even within a longer one."""


class Likeness:
    """What things that may be alike mention."""

    kind: ClassVar[str] = "likeness"

    @classmethod
    def stream(cls, id: str) -> str:
        return f"{cls.kind}-{id}"


class Traits(NamedTuple):
    """What is compared of a customer, a contact or a lead; a party may have several telephones."""

    name: str | None = None
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    tax_id: str | None = None
    address: str | None = None

    @classmethod
    def of(
        cls,
        name: str | None = None,
        phone: str | None = None,
        email: str | None = None,
        tax_id: str | None = None,
        address: str | None = None,
    ) -> Self:
        """Of what has one telephone at most."""
        phones, emails = (phone,) if phone else (), (email,) if email else ()
        return cls(name, phones, emails, tax_id, address)


class Alike(NamedTuple):
    """How alike two are, in basis points, and by what."""

    likeness_bp: int
    by: tuple[Trait, ...]


def keys(traits: Traits) -> tuple[str, ...]:
    """What has one of these keys may be alike."""
    return tuple(dict.fromkeys(_keys(traits)))


def compare(one: Traits, other: Traits, least_bp: int = 1) -> Alike:
    """By what two are alike at least so much."""
    found: dict[Trait, int] = {
        "tax_id": _equal(_code(one.tax_id), _code(other.tax_id), EQUAL),
        "phone": _shared(map(_phone, one.phones), map(_phone, other.phones)),
        "email": _shared(map(_flat, one.emails), map(_flat, other.emails)),
        "name": names_alike(one.name, other.name),
        "address": _equal(_place(one.address), _place(other.address), 7_000),
    }
    by = tuple(trait for trait, bp in found.items() if bp >= least_bp)
    return Alike(max(found.values()) if by else 0, by)


def names_alike(one: str | None, other: str | None) -> int:
    """How many runs of characters two names share, in basis points; legal forms do not count."""
    first, second = core(one), core(other)
    if not first or not second:
        return 0
    if first == second:
        return 9_000
    shorter, longer = sorted((first, second), key=len)
    if len(shorter) >= (SHORT if shorter.isascii() else RUN) and shorter in longer:
        return 8_000  # firms put their town or their trade before and after
    these, those = _runs(first), _runs(second)
    return 9_000 * 2 * len(these & those) // (len(these) + len(those))


def core(name: str | None) -> str:
    """A name in small letters without what many names have."""
    plain = normalize("NFKC", name or "").casefold()
    words = [word for word in WORDS.findall(plain) if word not in COMMON]
    return "".join((*words, *map(_distinct, CHINESE.findall(plain))))


def _distinct(chinese: str) -> str:
    for end in LEGAL:
        chinese = chinese.removesuffix(end)
    return COMMON_CHINESE.sub("", chinese) or chinese


def _keys(traits: Traits) -> Iterator[str]:
    if name := core(traits.name):
        yield f"n:{name[:32]}"
        for part in CHINESE.findall(name):
            yield f"n:{part[:RUN]}"
            yield f"n:{part[-RUN:]}"
        for word in WORDS.findall(normalize("NFKC", traits.name or "").casefold()):
            if word not in COMMON and len(word) > RUN:
                yield f"n:{word[:32]}"
    for mark, values in (
        ("p", map(_phone, traits.phones)),
        ("e", map(_flat, traits.emails)),
        ("t", [_code(traits.tax_id)]),
        ("a", [_place(traits.address)]),
    ):
        for value in filter(None, values):
            yield f"{mark}:{sha256(value.encode()).hexdigest()[:DIGEST]}"


def _runs(text: str) -> set[str]:
    return {text[n : n + RUN] for n in range(max(1, len(text) - RUN + 1))}


def _equal(one: str, other: str, bp: int) -> int:
    return bp if one and one == other else 0


def _shared(these: Iterable[str], those: Iterable[str]) -> int:
    return 9_500 if ({*these} & {*those}) - {""} else 0


def _phone(text: str) -> str:
    return "".join(filter(str.isdecimal, normalize("NFKC", text)))[-PHONE:]


def _flat(text: str | None) -> str:
    return "".join(normalize("NFKC", text or "").casefold().split())


def _code(text: str | None) -> str:
    return "".join(WORDS.findall(_flat(text)))


def _place(address: str | None) -> str:
    """Street and number: people leave out districts and floors."""
    flat = _flat(address)
    house = HOUSE.match(flat)
    street = AREA.sub("", house.group() if house else flat)
    return street or flat
