"""What a sharing rule says: which customers are shared, with whom, and for what."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from aggregates.marks import Name, names
from aggregates.plain import Details, Unfit

CRITERIA = ("in_department", "in_region", "importance", "customer_kind", "in_pool")
"""What a customer must have, where a rule names it; in a tree, or lie below it."""


@dataclass(frozen=True)
class SharingRuleDetails(Details):
    name: Name
    level: Literal["read", "work"]
    with_person: Annotated[str | None, names("rep")] = None
    with_department: Annotated[str | None, names("department")] = None
    in_department: Annotated[str | None, names("department")] = None
    in_region: Annotated[str | None, names("region")] = None
    importance: Literal["A", "B", "C"] | None = None
    customer_kind: (
        Literal["dealer", "retailer", "wholesaler", "end_customer", "supplier"] | None
    ) = None
    in_pool: str | None = None

    def check(self) -> None:
        if (self.with_person is None) == (self.with_department is None):
            raise Unfit(
                "A rule shares with one person or with one department. Name one of the two.",
                "共享规则只能面向一位员工或一个部门。请指定其中之一。",
            )
        if not self.wanted:
            raise Unfit(
                f"A rule says which customers are shared. Name one of {', '.join(CRITERIA)}.",
                f"请说明共享哪些客户，至少填写一项：{'、'.join(CRITERIA)}。",
            )

    @property
    def wanted(self) -> Mapping[str, str]:
        """What it names of a customer."""
        named = {name: getattr(self, name) for name in CRITERIA}
        return {name: value for name, value in named.items() if value is not None}

    def fits(self, customer: Mapping[str, frozenset[str]]) -> bool:
        """Whether it shares a customer that has those values, with all that lie above them."""
        return all(value in customer[name] for name, value in self.wanted.items())

    def permits(self, *, working: bool) -> bool:
        return self.level == "work" or not working
