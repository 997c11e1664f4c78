"""Classes of customers, and how a customer of each is handled."""

from dataclasses import dataclass
from typing import Annotated

from aggregates import Refused
from aggregates.marks import DayCount, between
from aggregates.settings import SettingsModel, named_twice


class BadClass(Refused):
    """A class of customers is one of those that the company has."""


@dataclass(frozen=True)
class CustomerClass:
    """Whoever has a customer of the class contacts it again within `contact_days`."""

    name: str
    contact_days: Annotated[DayCount | None, between(1, 3_650)] = None


class ClassSettings(SettingsModel, id="customers.classes"):
    """The classes that a customer may have; while there are none, any may be told.

    After how long a customer of a class goes to a public pool is said in customers.pools.
    """

    classes: tuple[CustomerClass, ...] = ()

    def check(self) -> None:
        names = [one.name for one in self.classes]
        if twice := named_twice(names):
            raise BadClass(
                f"{names.count(twice)} classes are called {twice}. Give each a name of its own.",
                f"有 {names.count(twice)} 个分类名为 {twice}。请为每个分类单独命名。",
            )

    def fit(self, name: str | None) -> None:
        if name is not None and self.classes and self.named(name) is None:
            every = [one.name for one in self.classes]
            raise BadClass(
                f"There is no class {name}: there are {', '.join(every)}. Choose one of them, or"
                " add it to the settings customers.classes.",
                f"没有客户分类 {name}：现有 {'、'.join(every)}。"
                "请选择其一，或在 customers.classes 设置中添加。",
            )

    def named(self, name: str | None) -> CustomerClass | None:
        return next((one for one in self.classes if one.name == name), None)
