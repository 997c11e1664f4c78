"""Members who buy: tills repeat their numbers every day, and purchases are told again."""

from random import Random

from commands import Command
from commands.loyalty.member import EnrolMember, RedeemPoints
from commands.loyalty.purchase import Bought, RecordPurchase, ReturnPurchase, ReverseEarning

MEMBERS, NUMBERS, ITEMS = ("ann", "bo"), ("0001", "0002", "0003"), ("x", "y", "z")
SHOP = "D"


class Shoppers:
    """Few members and few numbers, so that one number is soon two purchases."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.bought: list[Command] = []

    def opening(self) -> list[Command]:
        return [EnrolMember(id=member, dealer=SHOP) for member in MEMBERS]

    def command(self) -> Command:
        random = self.random
        who = {"id": random.choice(MEMBERS), "purchase": random.choice(NUMBERS)}
        choice = random.random()
        if self.bought and choice < 0.25:
            return random.choice(self.bought)  # told again, under a key of its own
        if choice < 0.35:
            return ReverseEarning(**who, reason="mistake")
        if choice < 0.45:
            return ReturnPurchase(**who, return_id=random.choice(("r1", "r2")))
        if choice < 0.55:
            name = f"s{random.randrange(9)}"
            return RedeemPoints(id=who["id"], redemption=name, form="gift", points=2)
        self.bought.append(self._purchase(who))
        return self.bought[-1]

    def _purchase(self, who: dict[str, str]) -> Command:
        items = self.random.sample(ITEMS, self.random.randrange(1, 3))
        lines = tuple(
            Bought(item=item, quantity=self.random.randrange(1, 4), amount=200) for item in items
        )
        till = self.random.choice((None, "t2"))
        return RecordPurchase(**who, dealer=SHOP, currency="CNY", lines=lines, till=till)
