"""Answers that are asked for each time, and sent only where the asker has another."""

REVALIDATED = "private, no-cache"
"""Kept by the asker alone, who asks each time whether it is still the one."""


def is_known(tag: str, if_none_match: str | None) -> bool:
    """Whether the asker has what is tagged so; RFC 9110, 13.1.2: tags are compared weakly."""
    known = {one.strip().removeprefix("W/") for one in (if_none_match or "").split(",")}
    return not known.isdisjoint((tag, "*"))
