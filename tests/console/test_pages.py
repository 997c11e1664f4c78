"""The pages that are not made from the catalogue: what each shows, and what is done on it."""

import pytest
from playwright.sync_api import expect

from .conftest import Reader

pytestmark = pytest.mark.timeout(900)
"""The first that needs it builds the console, and has the company live."""


def test_a_deal_is_moved_on_the_board_by_the_command_that_moves_it(reader: Reader) -> None:
    reader.enter("Gao Yuan")
    page = reader.page
    reader.open("pipeline")
    deal = page.get_by_role("group", name="Qualification").get_by_role("article").first
    title = deal.get_by_role("link").first.inner_text()
    deal.get_by_role("button", name="Move").click()
    page.get_by_role("menuitem", name="Proposal").click()
    expect(page.get_by_text(f"{title} is in Proposal now.")).to_be_visible()
    moved = page.get_by_role("group", name="Proposal").get_by_role("link", name=title).first
    moved.click()
    page.get_by_role("tab", name="History").click()
    expect(page.get_by_role("link", name="Opportunity advanced").first).to_be_visible()
