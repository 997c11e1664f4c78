"""Writes down when a position was first seen, by a reader of Kafka or of a view's tables."""

import json
import sys
from pathlib import Path
from time import sleep, time_ns

import psycopg2
from kafka import KafkaConsumer, TopicPartition

VIEW = "dealer_stock"
PAUSE = 0.002
STOOD = "SELECT partition, position FROM view_positions WHERE view=%s AND topic<>'log'"


def kafka(bootstrap: str, topic: str, seen: Path) -> None:
    """A line for each record: its partition, its position, the nanosecond it was in hand."""
    consumer = KafkaConsumer(bootstrap_servers=bootstrap, isolation_level="read_committed")
    places = [TopicPartition(topic, number) for number in consumer.partitions_for_topic(topic)]
    consumer.assign(places)
    consumer.seek_to_end()
    assert all(consumer.position(place) is not None for place in places)
    with seen.open("w") as out:
        out.write("ready\n")
        out.flush()
        while True:
            came, now = consumer.poll(timeout_ms=1_000), time_ns()
            for place, records in came.items():
                for record in records:
                    position = int(json.loads(record.value)["sequence"])
                    out.write(f"{place.partition} {position} {now}\n")
            out.flush()


def view(url: str, seen: Path) -> None:
    """A line for each move of the view: partition, position, the nanosecond it was visible."""
    connection = psycopg2.connect(url)
    connection.autocommit = True
    stood: dict[int, int] = {}
    with seen.open("w") as out, connection.cursor() as cursor:
        out.write("ready\n")
        out.flush()
        while True:
            cursor.execute(STOOD, (VIEW,))
            rows, now = cursor.fetchall(), time_ns()
            for partition, position in rows:
                if stood.get(partition) != position:
                    stood[partition] = position
                    out.write(f"{partition} {position} {now}\n")
            out.flush()
            sleep(PAUSE)


if __name__ == "__main__":
    *where, file = sys.argv[2:]
    if sys.argv[1] == "kafka":
        kafka(where[0], where[1], Path(file))
    else:
        view(where[0], Path(file))
