"""How a line came by its price, in words: each list and rule that was looked at, and the sum."""

from collections.abc import Iterator

from aggregates.currency import money
from aggregates.line_pricing import LinePricing
from services import labels

WORDS = {
    "en": (
        "Price list {id} (version {version}): {outcome}.",
        "The list price is {price}, by {of}.",
        "Discount rule {id} (version {version}): {outcome}, {off} taken off.",
        "It is below the lowest allowed price.",
        "the product",
    ),
    "zh-CN": (
        "价格表 {id}（第 {version} 版）：{outcome}。",
        "标价为 {price}，来自{of}。",
        "折扣规则 {id}（第 {version} 版）：{outcome}，减 {off}。",
        "低于最低允许价格。",
        "产品本身",
    ),
}


def in_words(pricing: LinePricing, language: str) -> Iterator[str]:
    """One sentence for each thing that was looked at."""
    by_list, price, by_rule, low, product = WORDS[language]
    for one in pricing.lists:
        outcome = labels.of("value", f"outcome.{one.outcome}", language)
        yield by_list.format(id=one.id, version=one.version, outcome=outcome)
    of = pricing.price_list or product
    yield price.format(price=money(pricing.list_price, pricing.currency), of=of)
    for each in pricing.rules:
        outcome = labels.of("value", f"outcome.{each.outcome}", language)
        what = {
            "id": each.id,
            "version": each.version,
            "off": money(each.taken_off, pricing.currency),
        }
        yield by_rule.format(outcome=outcome, **what)
    if pricing.below_floor:
        yield low
