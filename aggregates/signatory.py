"""Whose word it is: that of a person, whatever account he gives it by."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Signatory:
    """Who acts: an account, and the person whose it is, where it is a person's."""

    account: str
    person: str | None = None

    def same(self, other: "Signatory") -> bool:
        """Whether both are one person, by whatever accounts."""
        return self.account == other.account or (
            self.person is not None and self.person == other.person
        )


NOBODY = Signatory("")
