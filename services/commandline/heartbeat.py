"""A worker that works says so in a file; who finds it old knows that the worker is stuck."""

import hashlib
import os
import tempfile
import time
from pathlib import Path

from infra.settings import Settings

OLD = 30.0
EVERY = 1.0


class Heartbeat:
    """One file for each kind of worker and database, in the machine's folder for such things."""

    def __init__(self, settings: Settings, part: str) -> None:
        told = f"{settings.database}\0{settings.log}\0{settings.data.absolute()}"
        mark = hashlib.sha256(told.encode()).hexdigest()[:12]
        folder = Path(tempfile.gettempdir()) / f"distributary-{os.getuid()}"
        self.file = folder / f"{part}-{mark}"
        self._last = 0.0

    def beat(self) -> None:
        now = time.monotonic()
        if now - self._last >= EVERY:
            self.file.parent.mkdir(mode=0o700, exist_ok=True)
            self.file.touch(mode=0o600)
            self._last = now

    def age(self) -> float | None:
        """Seconds since the last beat; None where there was none."""
        try:
            return max(0.0, time.time() - self.file.stat().st_mtime)
        except FileNotFoundError:
            return None

    @property
    def beats(self) -> bool:
        age = self.age()
        return age is not None and age < OLD
