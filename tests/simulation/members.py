"""Checks of members' purchases: none earns without its sale, and none earns twice."""

from collections import Counter, defaultdict

from simulation.decode import Decoded


def earned(events: Decoded) -> list[str]:
    """(v) A purchase that earns is sold, each line once, and earns once while it stands."""
    sales: Counter[tuple[str, str, int, int]] = Counter()
    wanted: Counter[tuple[str, str, int, int]] = Counter()
    standing: dict[tuple[object, ...], set[str]] = defaultdict(set)
    found, sold = [], set()
    for event, content in events:
        if event.type == "StockSold" and content.member:
            sales[event.key, content.sale, content.quantity, content.amount] += 1
        if event.type == "PointsEarned":
            scope = event.stream, content.dealer, content.day, content.till, content.purchase
            if standing[scope]:
                found.append(f"(v) {event.position} earns what has been earned")
            standing[scope].add(content.lot)
            if (event.stream, content.sale) not in sold:  # points given anew are no second sale
                sold.add((event.stream, content.sale))
                for line in content.lines:
                    stock = f"{content.dealer}:{line.item}"
                    wanted[stock, content.sale, line.quantity, line.amount] += 1
        if event.type == "EarningReversed" or (event.type == "PurchaseReturned" and content.whole):
            for lots in standing.values():
                lots.discard(content.lot)
    if sales != wanted:
        found.append(f"(v) sold is {sales - wanted} more and {wanted - sales} less than was bought")
    return found
