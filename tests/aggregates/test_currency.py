"""Money is whole minor units of a currency that there is."""

import pytest
from pydantic import ValidationError

from aggregates import currency
from aggregates.loyalty.purchases import worth
from commands import Command
from commands.inventory.stock import SellOut


def test_minor_units_are_those_of_the_currency() -> None:
    digits = {code: currency.exponent(code) for code in ("CNY", "USD", "JPY", "KWD", "CLF")}
    assert digits == {"CNY": 2, "USD": 2, "JPY": 0, "KWD": 3, "CLF": 4}
    with pytest.raises(currency.UnknownCurrency):
        currency.exponent("RMB")


def test_a_point_is_for_a_whole_unit_of_any_currency() -> None:
    assert worth(1_250, "CNY") == 12
    assert worth(1_250, "JPY") == 1_250
    assert worth(1_250, "KWD") == 1


def test_a_currency_that_there_is_not_is_refused_and_the_nearest_named() -> None:
    sale = {"location": "D1", "item": "tea", "sale": "S1", "quantity": 1, "amount": 5}
    meant = {"RMB": "CNY", "CYN": "CNY", "UDS": "USD", "EUP": "EUR", "QQQ": "CNY"}
    assert {code: currency.nearest(code) for code in meant} == meant
    with pytest.raises(ValidationError, match=r"CYN is no currency of ISO 4217\. .* such as CNY\."):
        SellOut.model_validate(sale | {"currency": "CYN"})
    assert SellOut.model_validate(sale | {"currency": "JPY"}).currency == "JPY"


def test_every_currency_that_a_command_takes_is_checked() -> None:
    for model in Command.known.values():
        schema = model.model_json_schema()
        for part in (schema, *schema.get("$defs", {}).values()):
            for name, field in part.get("properties", {}).items():
                if name.endswith("currency"):
                    shapes = field.get("anyOf", [field])
                    assert any("CNY" in shape.get("enum", ()) for shape in shapes), model
