"""An event's stored bytes: written once, readable for ever, whatever its class has become."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]


class UnknownEvent(Exception):
    """The stored event is of a type, or a schema version, that this build does not know."""


class Codec:
    """JSON of frozen dataclasses, by class name and schema version.

    `upcasters[(type, n)]` turns the data of schema version n into that of n + 1. Fields that a
    class does not know are passed over, so an older build reads what a newer one added.
    """

    def __init__(
        self,
        known: Mapping[str, type[Any]],
        upcasters: Mapping[tuple[str, int], Upcaster] | None = None,
    ) -> None:
        self.known = known
        self.upcasters = upcasters or {}
        self._decoders: dict[str, tuple[msgspec.json.Decoder[Any], int]] = {}
        self.encode = msgspec.json.Encoder(decimal_format="string").encode

    def schema(self, type_name: str) -> int:
        return int(getattr(self.known[type_name], "schema", 1))

    def decode(self, type_name: str, schema: int, data: bytes | str) -> Any:
        """The event; raises `UnknownEvent` for a type or version from the future."""
        decoder, current = self._decoders.get(type_name) or self._learn(type_name)
        if schema == current:
            return decoder.decode(data)
        if schema > current:
            raise UnknownEvent(f"{type_name} schema {schema}: this build knows up to {current}")
        content = self._upcast(type_name, schema, data)
        return msgspec.convert(content, self.known[type_name], str_keys=True)

    def _learn(self, type_name: str) -> tuple[msgspec.json.Decoder[Any], int]:
        if type_name not in self.known:
            raise UnknownEvent(f"{type_name}: no such event in this build")
        learnt = msgspec.json.Decoder(self.known[type_name]), self.schema(type_name)
        self._decoders[type_name] = learnt
        return learnt

    def _upcast(self, type_name: str, schema: int, data: bytes | str) -> dict[str, Any]:
        content: dict[str, Any] = msgspec.json.decode(data)
        for step in range(schema, self.schema(type_name)):
            if (type_name, step) not in self.upcasters:
                raise UnknownEvent(f"{type_name} schema {step}: this build has no upcaster for it")
            content = self.upcasters[type_name, step](content)
        return content
