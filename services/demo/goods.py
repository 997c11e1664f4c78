"""The product archive of the demo company: brands, product lines and barcodes."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from aggregates.catalog.barcode import Barcode
from aggregates.catalog.product_line import ProductLine
from commands import Command
from commands.catalog.product import ChangeProductDetails
from commands.plain import verbs
from services.demo.agenda import DemoAgenda, ask
from services.demo.books import Books

LINES = {
    "Drinks": ("line-drinks", "清泉饮品 Qingquan drinks", "清泉 Qingquan", "chilled 冷藏"),
    "Snacks": ("line-snacks", "稻香坊休闲食品 Daoxiangfang snacks", "稻香坊 Daoxiangfang", None),
    "Household": ("line-household", "洁雅日化 Jieya household", "洁雅 Jieya", None),
}
"""By category: the line, what it is called, the brand, and how it travels."""


class DemoGoods:
    def __init__(self, agenda: DemoAgenda, books: Books) -> None:
        self.agenda, self.books = agenda, books

    def plan(self) -> None:
        self.agenda.put(self.agenda.start + timedelta(hours=3), self._archive)

    def _archive(self, at: datetime) -> Iterator[Command]:
        for line, name, _, _ in LINES.values():
            yield ask(verbs(ProductLine).register, at, id=line, name=name)
        for number, good in enumerate(self.books.goods):
            line, _, brand, transport = LINES[good.category]
            kept = {"brand": brand, "product_line": line, "transport": transport}
            yield ask(ChangeProductDetails, at, id=good.id, sales_route="distributed", **kept)
            yield ask(verbs(Barcode).register, at, id=f"69012345{number:05d}", product=good.id)
