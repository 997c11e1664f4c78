"""Records are tried on each kind of database."""

from views import found as found
