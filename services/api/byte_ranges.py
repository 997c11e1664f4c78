"""Part of a file, as the header Range asks for it (RFC 9110)."""

import re

ASKED = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def wanted(header: str | None, size: int) -> tuple[int, int] | None:
    """From where up to where; None where all is wanted, as with several ranges at once.

    Raises `ValueError` where no such byte is there.
    """
    found = ASKED.fullmatch((header or "").replace(" ", ""))
    if found is None or found[0] == "bytes=-":
        return None
    first, last = found.groups()
    if not first:  # so many at the end
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(size, int(last) + 1 if last else size)
        if last and int(last) < int(first):
            return None
    if start >= end:
        raise ValueError(f"bytes {start} to {end} of {size}")
    return start, end
