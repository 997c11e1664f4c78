"""What is said in packs: three cases of 24 bottles are 72 bottles, as units are registered now."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from typing import NamedTuple, TypeVar

from pydantic import Field

from aggregates import Refused
from aggregates.catalog.product import Product
from aggregates.catalog.unit import Unit
from aggregates.operations.register import Register
from aggregates.packs import Packed
from commands import Load, registers
from commands.fields import MOST_AT_ONCE
from commands.plain import upwards

K = TypeVar("K", bound=Hashable)

UNIT = Field(
    None,
    description="What is counted: a unit that is so many of the product's own, such as a case."
    " The product's own, unless told.",
    exclude_if=lambda unit: unit is None,  # an older build, which did not know it, told no null
)


class NotPackedSo(Refused):
    """What is said in packs comes in such packs."""


class Meant(NamedTuple):
    """So many in the product's own unit, and what was said, where that was in packs."""

    quantity: int
    packed: Packed | None = None


def meant(
    load: Load,
    item: str,
    unit: str | None,
    quantity: int,
    before: Iterable[Packed | None] = (),
    *,
    closed: bool = False,
) -> Meant:
    """What a quantity means; what was said `before` means what it meant then. A unit that is closed
    means what it does only where that is asked for, as of what may be a repeat.
    """
    if unit is None:
        return Meant(quantity)
    known = (one for one in before if one is not None and one.says(quantity, unit))
    packed = next(known, None)
    packed = packed or Packed(unit, quantity, factor(load, item, unit, closed=closed))
    if abs(packed.whole) > MOST_AT_ONCE:
        raise NotPackedSo(
            f"{quantity} {unit} are {packed.whole} of {item}, and may be {MOST_AT_ONCE} at most."
            " Divide them up.",
            f"{quantity} {unit} 合 {item} {packed.whole}，最多允许 {MOST_AT_ONCE}。请分开录入。",
        )
    return Meant(packed.whole, packed)


def part_of(whole: Packed | None, unit: str | None, quantity: int) -> Packed | None:
    """A part of what was said in packs, as it is said in the same ones: each is what it was."""
    if whole is None or whole.unit != unit:
        return None
    return Packed(whole.unit, quantity, whole.factor)


def added(
    said: Iterable[tuple[K, str | None, int]], meaning: Callable[[K, str | None, int], Meant]
) -> tuple[dict[K, int], dict[K, Packed]]:
    """One quantity of each, and its packs where all of it is said in the same ones.

    `said` are what it is of, the unit and how many; `meaning` says what these come to.
    """
    together = Counter[tuple[K, str | None]]()
    for key, unit, quantity in said:
        together[key, unit] += quantity
    so_often = Counter(key for key, _ in together)
    quantities, packs = Counter[K](), dict[K, Packed]()
    for (key, unit), many in together.items():
        whole, packed = meaning(key, unit, many)
        quantities[key] += whole
        if packed is not None and so_often[key] == 1:
            packs[key] = packed
    return dict(quantities), packs


def factor(load: Load, item: str, unit: str, *, closed: bool = False) -> int:
    """How many of a product's own unit one of a unit is now."""
    own = load(Product, item).unit
    if not closed:
        registers.listed(load, Unit, unit)
    if (found := _factor(load, unit, own)) is None:
        if load(Unit, own).now is None:
            raise NotPackedSo(
                f"The unit of {item} is {own or 'not told'}, which is not registered, so that it"
                " comes in no packs. Register its unit with register-unit, and name it with"
                " change-product-details.",
                f"{item} 的单位为 {own or '空'}，未登记，因此不能按包装录入。"
                "请先用 register-unit 登记其单位，再用 change-product-details 填写。",
            )
        packs = ", ".join([own, *_packs_of(load, own)])
        raise NotPackedSo(
            f"{item} does not come by the {unit}, but by: {packs or '-'}. Choose one of these,"
            f" or say with change-unit how many {own or 'pieces'} one {unit} is.",
            f"{item} 没有单位 {unit}，可用单位：{packs or '-'}。请从中选择，"
            f"或用 change-unit 说明每 {unit} 合多少 {own or '件'}。",
        )
    return found


def _factor(load: Load, unit: str, own: str) -> int | None:
    """None where so many of the one are not so many of the other."""
    product = 1
    for one in upwards(load, Unit, "base", unit):
        if one == own:
            return product
        details = load(Unit, one).now
        product *= (details and details.factor) or 1
    return None


def _packs_of(load: Load, own: str) -> list[str]:
    """The units in use that are so many of another; asked where one was not found."""
    register: Register = load(Register, Unit.plural)
    found = []
    for unit in sorted(register.ids.values()):
        count = None if unit == own else _factor(load, unit, own)
        if count is not None and load(Unit, unit).closed is None:
            found.append(f"{unit} ({count})")
    return found
