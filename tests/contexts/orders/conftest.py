"""What the tests of backorders share."""

from shops import shop as shop
