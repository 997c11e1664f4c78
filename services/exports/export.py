"""One export: rows of one moment, page by page, into a file, and the manifest of what it is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from infra.clock import iso, new_id
from services import amounts, labels
from services.bootstrap import Platform
from services.exports import manifests
from services.exports.columns import Column, Row, Tally
from services.exports.formats import Format, Sheet
from services.exports.spool import Spool

NONE: Mapping[str, str] = {}
PAGE = 5_000
"""Rows that are asked for at one time, where each page is a question of its own."""
STREAMED = 1_000
"""Rows that are in memory at one time, where one question answers all of them."""
FOR_PEOPLE = frozenset({"csv", "xlsx"})
"""Formats whose amounts are in major units under labels."""
WHOLE = 2**31 - 1
"""All rows at once, of a figure that is made in memory in any case."""


class ExportRequest(NamedTuple):
    """What is exported, for whom, and how; without a language, columns are called by name."""

    path: str
    parameters: Mapping[str, str | Sequence[str]]
    actor: str
    format: Format
    language: str | None

    @property
    def what(self) -> str:
        return self.path.strip("/")

    def headers(self, columns: Sequence[Column]) -> list[str]:
        owner = self.what.partition("/")[0]
        return [self._header(owner, column) for column in columns]

    def shown(self, columns: Sequence[Column]) -> Sequence[Column]:
        """Amounts in major units are for people alone: those who read labels in a spreadsheet."""
        if self.language is not None and self.format.name in FOR_PEOPLE:
            return columns
        return [one._replace(kind="whole") if one.kind == "money" else one for one in columns]

    def _header(self, owner: str, column: Column) -> str:
        if self.language is None:
            return column.name
        if column.kind == "money":
            return amounts.header(self._label(owner, column), "major", self.language)
        if column.of_id is not None:
            called = self._label(owner, column._replace(name=column.of_id))
            return f"{called} name" if self.language == "en" else f"{called}名称"
        return self._label(owner, column)

    def _label(self, owner: str, column: Column) -> str:
        """Of a line's field, with what it is a line of: its amount is not that of the whole."""
        names, owner = column.name.split("."), column.owner or owner
        first = 1 if column.line else len(names)
        paths = (".".join([owner, *names[:last]]) for last in range(first, len(names) + 1))
        return " · ".join(labels.of("field", path, self.language or "en") for path in paths)

    def title(self) -> str:
        """What the file shows, as people call it: customers, or a ranking of dealers."""
        if self.language is None:
            return self.what
        parts = self.what.removesuffix("/why").split("/")
        if len(parts) == 1 or parts[-1] in ("history", "timeline"):
            figure = labels.written("figure", parts[0], "en")
            return labels.of("figure" if figure else "kind", parts[0], self.language)
        joined = "-".join(parts)
        known = labels.written("figure", joined, "en")
        return labels.of("figure", joined if known else parts[-1], self.language)


class Moment(NamedTuple):
    """What the rows are of, and `made_at`, the instant at which the log came so far."""

    position: int
    as_of: str | None
    day: str
    made_at: int


@dataclass(frozen=True)
class Export:
    platform: Platform
    wanted: ExportRequest
    columns: Sequence[Column]
    spool: Spool
    id: str
    content: dict[str, Any]
    """The manifest, as far as it is known."""

    def write(
        self, moment: Moment, pages: Iterable[Sequence[Row]], asked: Mapping[str, str] = NONE
    ) -> None:
        """All rows into the spool; afterwards the manifest is whole, but not kept as such."""
        facts = self._begun(moment, asked)
        columns = self.wanted.shown(self.columns)
        headers = self.wanted.headers(columns)
        sheet = Sheet(self.wanted.title(), columns, headers, facts, moment.made_at)
        tally = Tally(self.columns)
        with self.wanted.format.open(self.spool, sheet) as writer:
            for rows in pages:
                writer.rows(rows)
                tally.add(rows)
                self.spool.flush()
            told = {"rows": tally.rows, "totals": tally.totals()}
            writer.end({**facts, **told})
        self.spool.flush()
        self.content.update(told, bytes=self.spool.size, sha256=self.spool.sha256())

    def _begun(self, moment: Moment, asked: Mapping[str, str]) -> dict[str, Any]:
        facts = {
            "what": self.wanted.what,
            "parameters": dict(self.wanted.parameters),
            "by": self.wanted.actor,
            "format": self.wanted.format.name,
            "language": self.wanted.language,
            "log": self.platform.store.log,
            "position": moment.position,
            "as_of": moment.as_of,
            "day": moment.day,
            **asked,
        }
        database = self.platform.database
        with database.write() as connection:
            now = database.now(connection)
            begun = {"id": self.id, "state": "unfinished", "begun_at": iso(now)}
            unknown = dict.fromkeys(("rows", "totals", "bytes", "sha256"))
            self.content.update(begun, **facts, **unknown)
            manifests.begin(connection, self.content, now)
        return facts

    def complete(self) -> None:
        """Keep the whole manifest: the last byte has been taken."""
        self.content["state"] = "complete"
        with self.platform.database.write() as connection:
            manifests.complete(connection, self.content)


def export(
    platform: Platform, wanted: ExportRequest, columns: Sequence[Column], spool: Spool
) -> Export:
    return Export(platform, wanted, columns, spool, new_id(), {})
