"""What the tests of approvals share."""

from shops import shop as shop
