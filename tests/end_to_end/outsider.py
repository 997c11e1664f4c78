"""The topics as a client reads them that is not ours: Kafka's own console consumer."""

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from services.local.kafka import LocalKafka

SEPARATOR = "\x1f"


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


def read(
    kafka: LocalKafka, topic: str, silence_ms: int = 4_000, *, count: int | None = None
) -> list[Seen]:
    """All records of a topic, or of each topic that the pattern fits.

    Who knows their number need not guess how long nothing more comes.
    """
    ends = ["--timeout-ms", str(silence_ms if count is None else 30_000)]
    ends += [] if count is None else ["--max-messages", str(count)]
    shown = ("partition", "offset", "headers", "key")
    properties = [f"print.{name}=true" for name in shown]
    properties += [f"headers.separator={SEPARATOR}", "null.literal="]
    words = [word for one in properties for word in ("--formatter-property", one)]
    said = kafka.tool(
        "ConsoleConsumer", "--include", topic, "--from-beginning",
        *ends, *words, limit=120,
    )  # fmt: skip
    return [_seen(line) for line in said.split("\n") if line.startswith("Partition:")]


def _seen(line: str) -> Seen:
    partition, offset, headers, key, value = line.split("\t", 4)
    named = dict(one.split(":", 1) for one in headers.split(SEPARATOR) if ":" in one)
    home, place = (int(word.partition(":")[2]) for word in (partition, offset))
    return Seen(home, place, named, key, value)
