"""How long anything outside is waited for: one value, given to whoever waits."""

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Limits:
    """Each in seconds. Whoever is far away or slow may have them all multiplied."""

    answer: float = 15.0
    """A broker answers one question, about one partition where it is about partitions."""
    look: float = 3.0
    """A broker that is only looked at answers."""
    session: float = 10.0
    """A silent reader keeps its partitions; then another takes them."""
    leave: float = 3.0
    """Whoever leaves while the group shares out anew is heard once all others have polled, and
    has to end within ten seconds himself. Unheard, he counts as dead."""
    statement: float = 60.0
    """PostgreSQL answers one statement."""
    lock: float = 15.0
    """A lock is had: that of a row of PostgreSQL, or the one of SQLite."""
    share: float = 5.0
    """One of the views that are written together has a lock, or writes a statement; whoever takes
    longer is fed by itself, so that the others need not wait."""
    request: float = 40.0
    """A request is answered; the longest wait for a position is well inside."""
    idle: float = 10.0
    """Whoever stands still in a transaction keeps his locks; longer than any step between two."""

    def times(self, factor: float) -> "Limits":
        return Limits(**{one.name: getattr(self, one.name) * factor for one in fields(self)})


def milliseconds(seconds: float) -> int:
    return round(seconds * 1000)
