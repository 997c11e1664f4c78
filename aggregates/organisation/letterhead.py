"""What stands at the head of every paper that the company sends."""

from aggregates.settings import SettingsModel


class Letterhead(SettingsModel, id="organisation.letterhead"):
    """Name, address, tax id, telephone and bank of the company, as its papers show them. Papers in
    Chinese show what ends in `_zh` where it is told.
    """

    name: str | None = None
    name_zh: str | None = None
    address: str | None = None
    address_zh: str | None = None
    tax_id: str | None = None
    phone: str | None = None
    bank: str | None = None
    bank_zh: str | None = None
    bank_account: str | None = None
