"""What the tests of processes share."""

from shops import shop as shop
