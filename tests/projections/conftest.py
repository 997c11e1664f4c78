"""The engine of views is tried on each kind of database."""

from views import company as company
from views import found as found
