"""What only one customer may have is taken by whoever is the first."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from aggregates import Refused
from aggregates.customers.customer import Customer
from aggregates.customers.customer_key import CustomerKey, UniquenessSettings
from commands import Decision, Load
from commands.settings import in_force


class NotUnique(Refused):
    """What only one customer may have is another's already; whose is for others to tell."""


def taken(load: Load, id: str, at: datetime) -> Iterator[Decision]:
    """A customer takes what only one may have; refused where another has it today.

    Who was registered before the settings said so takes it with the next change.
    """
    settings = in_force(load, UniquenessSettings, at).settings
    for field, key in _keys(settings, load(Customer, id)).items():
        state: CustomerKey = load(CustomerKey, key)
        if state.customer and state.customer != id:
            other: Customer = load(Customer, state.customer)
            if _keys(settings, other).get(field) == key:
                raise NotUnique(
                    f"Another customer has this {field} already. Look for it in GET /customers, or"
                    " ask whoever sees all customers.",
                    f"已有其他客户使用相同的 {field}。"
                    "请用 GET /customers 查找，或联系可查看全部客户的人员。",
                )
        for event in state.take(id):
            yield CustomerKey.stream(key), event


def _keys(settings: UniquenessSettings, customer: Customer) -> Mapping[str, str]:
    """By what field, the keys that a customer holds: none where it is gone or merged."""
    found = dict[str, str]()
    if customer.registered is None or customer.merged_into is not None:
        return found
    if settings.tax_id and customer.tax_id:
        found["tax_id"] = CustomerKey.id_of("tax_id", customer.tax_id)
    if settings.phone and customer.phone:
        found["phone"] = CustomerKey.id_of("phone", customer.phone)
    if settings.name_in_region:
        found["name"] = CustomerKey.id_of("name", customer.name, customer.region)
    return found
