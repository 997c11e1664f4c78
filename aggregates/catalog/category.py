"""Categories of products are a tree."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from aggregates import Event
from aggregates.marks import Name, names
from aggregates.plain import Closed, Details, Events, Plain, Registered, Withdrawn


@dataclass(frozen=True)
class CategoryDetails(Details):
    name: Name
    parent: Annotated[str | None, names("category")] = None


class CategoryRegistered(CategoryDetails, Registered, Event):
    pass


class CategoryChanged(CategoryDetails, Event):
    pass


class CategoryClosed(Closed, Event):
    pass


class CategoryReopened(Event):
    pass


class CategoryWithdrawn(Withdrawn, Event):
    pass


@dataclass(frozen=True)
class Category(Plain[CategoryDetails]):
    """From the first one on, products name a category that is registered."""

    kind: ClassVar[str] = "category"
    plural = "categories"
    noun = ("category", "产品类别")
    details = CategoryDetails
    events = Events(
        CategoryRegistered, CategoryChanged, CategoryClosed, CategoryReopened, CategoryWithdrawn
    )
