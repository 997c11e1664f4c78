"""From a list to a card, a form, a figure and the events behind it, by clicks alone."""

import gzip
import re

import pytest
from effort import share
from playwright.sync_api import Response, expect

from . import walk
from .conftest import Reader

EVERYWHERE = pytest.mark.parametrize(
    "reader", [("en", False), ("zh-CN", True)], ids=["English", "Chinese, dark"], indirect=True
)
pytestmark = pytest.mark.timeout(900)
"""The first that needs it builds the console, and has the company live."""
FIRST_LOAD = 400_000
"""Bytes."""


@EVERYWHERE
def test_a_number_is_followed_to_the_command_that_caused_it(reader: Reader) -> None:
    reader.enter()
    page = reader.page
    reader.open("figures/funnel")
    page.locator("td.number a").first.click()
    expect(page.locator(".ant-alert-success, .ant-alert-info")).to_be_visible()
    page.locator("tbody a[href*='/events/']").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text(re.compile("import:demo-")).first).to_be_visible()


def test_the_first_page_weighs_little_without_its_charts(reader: Reader) -> None:
    """Zipped, whatever the server sends it as; charts come with the first page that draws one."""
    weights: dict[str, int] = {}
    loaded: list[Response] = []

    def keep(answer: Response) -> None:
        loaded.append(answer)

    reader.page.on("response", keep)
    reader.enter()
    reader.page.get_by_role("heading", level=1).wait_for()
    for answer in loaded:
        if "/console/" in answer.url and "EChart" not in answer.url and answer.ok:
            weights[answer.url] = len(gzip.compress(answer.body()))
    assert any(url.endswith(".js") for url in weights)
    assert sum(weights.values()) <= FIRST_LOAD, weights


@EVERYWHERE
def test_a_list_leads_to_a_card_and_back(reader: Reader) -> None:
    reader.enter()
    page = reader.page
    reader.open("orders?status=shipped")
    first = page.locator("tbody a[href*='/console/orders/']").first
    number = first.inner_text()
    first.click()
    expect(page.get_by_role("heading", level=1, name=number)).to_be_visible()
    page.get_by_role("tab").nth(1).click()
    expect(page).to_have_url(re.compile("tab=history"))
    expect(page.locator("a[href*='/events/']").first).to_be_visible()
    page.go_back()
    expect(page).to_have_url(re.compile("status=shipped"))


@pytest.mark.parametrize(
    ("reader", "name", "needed"),
    [(("en", False), "Name", "Name is needed"), (("zh-CN", False), "名称", "请填写名称")],
    ids=["English", "Chinese"],
    indirect=["reader"],
)
def test_a_form_says_what_is_missing_and_is_done_once(
    reader: Reader, name: str, needed: str
) -> None:
    reader.enter()
    page = reader.page
    unit = f"box-{len(name)}"
    reader.open("commands/register-unit")
    send = page.locator("form button[type=submit]")
    send.click()
    page.get_by_role("button", name=needed, exact=True).click()
    expect(page.locator("#name")).to_be_focused()
    page.locator("#id").fill(unit)
    page.locator("#name").fill("Box of twelve")
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if one.method == "POST" else None)
    send.dblclick()
    expect(page.get_by_role("heading", level=1, name="Box of twelve")).to_be_visible()
    assert len([url for url in asked if "register-unit" in url]) == 1


def test_a_fault_that_the_server_finds_stands_at_its_field(reader: Reader) -> None:
    reader.enter()
    page = reader.page
    reader.open("commands/register-unit")
    page.locator("#id").fill("no blanks please")
    page.locator("#name").fill("Box")
    page.locator("form button[type=submit]").click()
    expect(page.locator("#id_help, .ant-form-item-explain-error").first).to_be_visible()
    reader.complaints.clear()  # the browser itself tells of the answer 422


def test_who_may_not_see_something_is_told_so(reader: Reader) -> None:
    reader.enter("Shenhe")
    reader.open("customers/d-02")
    expect(reader.page.locator(".ant-result-404")).to_be_visible()
    reader.complaints.clear()  # the browser itself tells of the answer 404


@pytest.mark.parametrize(
    ("reader", "part"),
    [(("en", False), 0), (("zh-CN", True), 1)],
    ids=["light", "dark"],
    indirect=["reader"],
)
def test_no_page_is_hard_to_read_or_to_reach(reader: Reader, part: int) -> None:
    """Nor wider than a window, on a phone either."""
    page = reader.page
    page.goto(f"{reader.address}/console/")
    page.get_by_role("button", name="Owner").wait_for()
    usual, found = page.viewport_size, reader.faults()
    assert usual is not None
    reader.enter()
    for path in share(walk.PAGES, part, 2):
        reader.open(path)
        page.get_by_role("heading", level=1).wait_for()
        page.wait_for_timeout(walk.SETTLED)
        found += [f"/{path}: {fault}" for fault in reader.faults()]
        page.set_viewport_size(walk.PHONE)
        page.wait_for_timeout(walk.SETTLED)
        if walk.sideways(page) > 0:
            found.append(f"/{path}: wider than a phone")
        page.set_viewport_size(usual)
    assert found == []


def test_on_a_phone_each_row_is_a_card(reader: Reader) -> None:
    page = reader.page
    reader.enter()
    page.set_viewport_size(walk.PHONE)
    reader.open("orders?status=shipped")
    card = page.locator("tr.ant-table-row").first
    customer = card.locator("td[data-label=Customer]")
    expect(customer).to_be_in_viewport(ratio=1)
    page.get_by_role("combobox", name="Order").click()
    page.locator(".ant-select-item-option", has_text="Customer ↓").click()
    expect(page).to_have_url(re.compile("sort=-customer"))
