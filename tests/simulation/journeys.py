"""Goods on their way: they arrive in parts, are lost, sent back or sent elsewhere."""

from random import Random

from commands import Command
from commands.inventory.stock import ReceiveTransfer
from commands.inventory.stock_corrections import CancelTransfer, RedirectTransfer


class Journeys:
    """Knows what may be on its way, and asks for what may become of it."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.ways: list[dict[str, str]] = []
        self.receipts = 0

    def begins(self, location: str, item: str, transfer: str) -> None:
        self.ways.append({"location": location, "item": item, "transfer": transfer})

    def command(self) -> Command:
        random = self.random
        if not self.ways:
            nothing = {"location": "A", "item": "x", "transfer": "none"}
            return ReceiveTransfer(**nothing, quantity=1)
        way = random.choice(self.ways[-8:])
        choice = random.random()
        if choice < 0.1:
            return CancelTransfer(**way, reason="not needed")
        if choice < 0.2:
            elsewhere = random.choice("AB")
            self.begins(elsewhere, way["item"], way["transfer"])
            return RedirectTransfer(**way, to_location=elsewhere, reason="needed there")
        self.receipts += 1
        came = {"quantity": random.randrange(1, 5), "lost": random.choice((0, 0, 0, 1))}
        return ReceiveTransfer(**way, **came, receipt=f"c{self.receipts}")
