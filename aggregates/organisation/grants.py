"""A grant names what may be done, by context and name.

`command:orders/draft-order`, `read:customers/customers`, `read:inventory/*`, `operate:imports`,
`field:cost`. With `@all` at its end it holds for everything, whatever the scope of the role is.
"""

import re

from aggregates.plain import Unfit

ALL = "@all"
GRANT = re.compile(
    r"(?:(?:command|read):(?:\*|[a-z_]+)/(?:\*|[a-z_-]+)|(?:operate|field):(?:\*|[a-z-]+))(?:@all)?"
)


def listed(grants: str) -> list[str]:
    """They are separated by blanks, commas or lines."""
    return [one for one in re.split(r"[\s,]+", grants) if one]


def check(grants: str) -> None:
    """Refuse what is no grant."""
    for grant in listed(grants):
        if not GRANT.fullmatch(grant):
            raise Unfit(
                f"{grant} is no grant. Write command:orders/draft-order, read:customers/*,"
                " operate:imports or field:cost, with @all at the end where the scope does not"
                " count.",
                f"{grant} 不是授权。请写 command:orders/draft-order、read:customers/*、"
                "operate:imports 或 field:cost；不受范围限制时在末尾加 @all。",
            )
