"""The topics as a client reads them that is not ours: Kafka's own console consumer."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from services.local.kafka import LocalKafka

SEPARATOR = "\x1f"
RECORD = "Partition:"
SILENCES = 3_000, 20_000
"""Milliseconds after which whoever reads Kafka from outside takes it for read."""


@dataclass(frozen=True)
class Seen:
    partition: int
    offset: int
    headers: dict[str, str]
    key: str
    value: str

    @cached_property
    def told(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.value)
        return told

    @property
    def position(self) -> int:
        return int(self.told["sequence"])

    @property
    def data(self) -> str:
        """The event's data, letter by letter: it stands last."""
        return self.value.partition('"data":')[2].removesuffix("}")


def read(kafka: LocalKafka, topic: str, events: int) -> list[Seen]:
    """All records of a topic, or of each topic that the pattern fits: so many events, or more.

    Kafka's consumer does not say what it could not read. A busy machine lets it wait for longer
    than it listens, and a group whose coordinator moves may begin anew: where events are missing,
    it listens once more, and longer.
    """
    for silence in SILENCES:
        lines = _listen(kafka, topic, silence)
        records = [_seen(line) for line in lines if line.startswith(RECORD)]
        seen = {(one.position, one.partition, one.offset): one for one in records}
        if (there := len({one.position for one in records})) >= events:
            break
        print(f"{topic}: {there} of {events} events in {len(records)} lines, {len(seen)} records")
        print(*(line for line in lines if not line.startswith(RECORD)), sep="\n")
    return list(seen.values())


def _listen(kafka: LocalKafka, topic: str, silence: int) -> list[str]:
    shown = ("partition", "offset", "headers", "key")
    properties = [f"print.{name}=true" for name in shown]
    properties += [f"headers.separator={SEPARATOR}", "null.literal="]
    words = [word for one in properties for word in ("--formatter-property", one)]
    said = kafka.tool(
        "ConsoleConsumer", "--include", topic, "--from-beginning",
        "--timeout-ms", str(silence), *words, limit=120,
    )  # fmt: skip
    return said.split("\n")


def _seen(line: str) -> Seen:
    partition, offset, headers, key, value = line.split("\t", 4)
    named = dict(one.split(":", 1) for one in headers.split(SEPARATOR) if ":" in one)
    home, place = (int(word.partition(":")[2]) for word in (partition, offset))
    return Seen(home, place, named, key, value)
