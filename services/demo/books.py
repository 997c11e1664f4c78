"""What the story knows of stock, by the piece, and of points: it asks for what is possible."""

from collections import Counter
from dataclasses import dataclass, field

from services.demo.catalogue import Good, Party

Place = tuple[str, str]
"""A location and an item."""


@dataclass
class Books:
    on_hand: Counter[Place] = field(default_factory=Counter)
    reserved: Counter[Place] = field(default_factory=Counter)
    expected: Counter[Place] = field(default_factory=Counter)
    points: Counter[str] = field(default_factory=Counter)
    owners: dict[str, str] = field(default_factory=dict)
    prices: dict[str, int] = field(default_factory=dict)
    goods: list[Good] = field(default_factory=list)
    frozen: set[str] = field(default_factory=set)
    numbers: Counter[str] = field(default_factory=Counter)

    def next(self, prefix: str) -> str:
        """The next document's id."""
        self.numbers[prefix] += 1
        return f"{prefix}-{self.numbers[prefix]:04d}"

    def available(self, location: str, item: str) -> int:
        return self.on_hand[location, item] - self.reserved[location, item]

    def cases(self, location: str, good: Good) -> int:
        """How many whole cases of it nobody has spoken for."""
        return self.available(location, good.id) // good.in_case

    def shelf(self, party: Party) -> list[str]:
        """What a dealer can sell."""
        return [good.id for good in self.goods if self.cases(party.id, good) > 2]
