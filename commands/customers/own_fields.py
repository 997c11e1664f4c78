"""The company's own fields of a customer, in what is asked about customers."""

from collections.abc import Iterable
from datetime import datetime

from pydantic import Field

from aggregates.customers.customer import Size
from aggregates.customers.customer.own_fields import (
    OWN_FIELDS,
    OwnFieldSettings,
    OwnValue,
    own_values,
)
from aggregates.customers.customer_class import ClassSettings
from commands import Command, Load, Text, Whole
from commands.fields import DayText
from commands.settings import in_force

OWN = "The company's own field of this name, as the settings customers.fields declare it."
MOST = 10**12
PROFILE = "industry", "size", "customer_class", "tax_id", "phone"


def _text() -> Text | None:
    return Field(None, description=OWN)


def _number() -> Whole | None:
    return Field(None, ge=0, le=MOST, description=OWN)


def _day() -> DayText | None:
    return Field(None, description=OWN)


class CustomerProfile(Command):
    """What a request may tell of a customer besides its name and place."""

    added = (*Command.added, *PROFILE, *OWN_FIELDS)

    tax_id: Text | None = None
    phone: Text | None = Field(None, description="Of the firm; that of a person is a contact's.")
    industry: Text | None = None
    size: Size | None = None
    customer_class: Text | None = Field(
        None, description="One of the settings customers.classes: it says how it is handled."
    )
    own_text_1: Text | None = _text()
    own_text_2: Text | None = _text()
    own_text_3: Text | None = _text()
    own_text_4: Text | None = _text()
    own_text_5: Text | None = _text()
    own_text_6: Text | None = _text()
    own_number_1: Whole | None = _number()
    own_number_2: Whole | None = _number()
    own_number_3: Whole | None = _number()
    own_number_4: Whole | None = _number()
    own_date_1: DayText | None = _day()
    own_date_2: DayText | None = _day()
    own_date_3: DayText | None = _day()

    def own(self, before: Iterable[OwnValue] = ()) -> tuple[OwnValue, ...]:
        """The values of the company's own fields, where those of `before` were told already."""
        known: dict[str, str | int | None] = {one.field: one.value for one in before}
        told = {name: getattr(self, name) for name in OWN_FIELDS if name in self.model_fields_set}
        return own_values(known | told)

    def fitting(self, load: Load, at: datetime, values: Iterable[OwnValue], *, whole: bool) -> None:
        """Refuse what is not as the company's settings say; `whole` is a customer that begins."""
        in_force(load, ClassSettings, at).settings.fit(self.customer_class)
        asked = [name for name in OWN_FIELDS if whole or name in self.model_fields_set]
        in_force(load, OwnFieldSettings, at).settings.fit(values, asked=asked)
