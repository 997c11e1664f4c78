"""The demo company keeps shelf metres and trade formats of its shops, and classes of customers."""

from collections.abc import Iterator

from commands import Command
from commands.customers.customer import ChangeCustomerDetails
from commands.organisation.settings import ChangeSettings
from services.bootstrap import Platform, request
from services.demo.catalogue import RETAILERS

FORMATS = ("便利店", "超市", "生鲜")
FIELDS = [
    {"field": "own_number_1", "name": "Shelf metres", "name_zh": "货架米数", "most": 500},
    {
        "field": "own_text_1",
        "name": "Trade format",
        "name_zh": "业态",
        "choices": [{"value": one} for one in FORMATS],
    },
]
CLASSES = [{"name": "重点客户", "contact_days": 14}, {"name": "普通客户"}]
SHOPS = 12


def ask(platform: Platform, source: str) -> int:
    """Settle both, and tell of some shops; asked again, it changes nothing."""
    position = 0
    for number, command in enumerate(_asked()):
        key = f"{source}-profile-{number}"
        position = platform.executor.execute(request(command, "demo", key)).position
    return position


def _asked() -> Iterator[Command]:
    yield _settings("customers.fields", {"fields": FIELDS})
    yield _settings("customers.classes", {"classes": CLASSES})
    for number, shop in enumerate(RETAILERS[:SHOPS]):
        yield ChangeCustomerDetails(
            id=shop.id,
            industry="食品零售",
            size="small" if number % 2 else "medium",
            customer_class="重点客户" if number % 4 == 0 else "普通客户",
            own_number_1=8 + 5 * number,
            own_text_1=FORMATS[number % len(FORMATS)],
        )


def _settings(id: str, values: dict[str, object]) -> Command:
    return ChangeSettings(id=id, values=values, reason="What the shops look like counts 门店情况")
