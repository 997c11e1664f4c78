"""A grocery chain's sales: as records of a topic, and summed by pandas to check everybody by."""

from collections.abc import Iterator
from datetime import UTC

from aggregates.inventory.stock import Stock, StockSold
from infra import cloudevents
from infra.broker import Broker, Partition, partition_of
from infra.clock import micros, new_id
from infra.codec import Codec
from infra.events import Recorded
from services.imports.completejourney import CURRENCY, dealer, member, product
from services.imports.journey_frames import read

PARTITIONS = 4
AHEAD = 20_000
Sums = dict[tuple[str, str], tuple[int, int, int]]


class Sales:
    """The first `events` lines that were sold, in the order of time."""

    def __init__(self, events: int) -> None:
        self.frame = read(None, UTC).frame.head(events)
        assert len(self.frame) == events, f"there are only {len(self.frame)} sales"

    def sums(self) -> Sums:
        """Lines, pieces and cents of each product in each store."""
        by = self.frame.groupby(["store_id", "product_id"])
        sums = by.agg(lines=("cents", "size"), quantity=("quantity", "sum"), cents=("cents", "sum"))
        return {
            (dealer(store), product(item)): (lines, quantity, cents)
            for (store, item), lines, quantity, cents in sums.itertuples()
        }

    def rows(self) -> Iterator[tuple[str, str, StockSold]]:
        columns = ["transaction_timestamp", "basket_id", "household_id", "store_id", "product_id"]
        lines = self.frame[[*columns, "quantity", "cents"]].itertuples(index=False, name=None)
        for at, basket, household, store, item, quantity, cents in lines:
            moment = at.to_pydatetime().replace(tzinfo=UTC)
            what = str(basket), quantity, cents, CURRENCY, member(household), moment
            yield dealer(store), product(item), StockSold("dealer", *what)

    def events(self) -> Iterator[Recorded]:
        encode = Codec({}).encode
        for position, (store, item, sold) in enumerate(self.rows(), 1):
            at, stream = micros(sold.moved_at), Stock.stream(Stock.id_of(store, item))
            key, data = new_id(), encode(sold)
            named = stream, position, new_id(), "StockSold", sold.schema, at, at
            yield Recorded(position, *named, "import", key, key, None, "peers", bytes(32), data)

    def publish(self, broker: Broker, topic: str) -> None:
        """As the publisher writes them, with the envelope that every subscriber is given."""
        broker.topics([topic], PARTITIONS, 1)
        producer, last, sent = broker.producer(), dict[Partition, int](), []
        for event in self.events():
            place = Partition(topic, partition_of(event.stream, PARTITIONS))
            value = cloudevents.written("main", event, last.get(place, 0))
            sent.append(producer.send(place, event.stream.encode(), value))
            last[place] = event.position
            if len(sent) > AHEAD:
                sent.pop(-AHEAD).get(30)
        for receipt in sent:
            receipt.get(30)
        producer.close()
