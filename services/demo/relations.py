"""What the demo company agreed and talked about with its dealers, and what its best members get."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from aggregates.customers.interaction import Way
from commands import Command
from commands.channel.agreement import DraftAgreement, SignAgreement
from commands.customers.interaction import RecordInteraction
from commands.customers.network import PlacePartner
from commands.loyalty.deposit import SetMemberTier, SpendDeposit, TopUpDeposit
from services.bootstrap import Platform, request
from services.demo.catalogue import CURRENCY, DEALERS

AGREED = 4
"""So many of the dealers have an agreement, and have been talked to."""
TALKS: tuple[tuple[Way, str], ...] = (
    ("visit", "Tea sells, snacks do not 一起看了货架，茶叶好卖，零食偏慢"),
    ("call", "Wants the gift boxes two weeks earlier this year 希望礼盒比去年早两周到货"),
    ("message", "Sent the price list of the new quarter 已发送新季度价目表"),
)
TIERS = ("gold", "silver", "silver")
TARGET = 600_000_00
TOPPED_UP, SPENT = 500_00, 128_50


def ask(platform: Platform, source: str, today: date) -> int:
    """Place, sign, talk and pay in; asked again, it changes nothing."""
    position = 0
    for number, command in enumerate(_asked(today)):
        key = f"{source}-relation-{number}"
        position = platform.executor.execute(request(command, "demo", key)).position
    return position


def _asked(today: date) -> Iterator[Command]:
    for dealer in DEALERS:
        yield PlacePartner(id=dealer.id, partner_type="dealer")
    days = {"valid_from": date(today.year, 1, 1), "valid_until": date(today.year, 12, 31)}
    for number, dealer in enumerate(DEALERS[:AGREED]):
        agreed: dict[str, Any] = {"dealer": dealer.id, "agreement": f"{today.year}"}
        terms = {"regions": (dealer.region,), "target_amount": TARGET, "currency": CURRENCY}
        yield DraftAgreement(**agreed, **terms, **days)
        yield SignAgreement(**agreed, signed_by=dealer.name)
        for at, (way, text) in enumerate(TALKS[: 3 - number % 3], 1):
            talked: dict[str, Any] = {"customer": dealer.id, "interaction": f"talk-{at}"}
            yield RecordInteraction(**talked, way=way, text=text)
    for number, tier in enumerate(TIERS, 1):
        member = f"m-{number:04d}"
        yield SetMemberTier(id=member, tier=tier)
        yield TopUpDeposit(id=member, top_up="DT-1", amount=TOPPED_UP, currency=CURRENCY)
        yield SpendDeposit(id=member, spend="DS-1", amount=SPENT, currency=CURRENCY)
