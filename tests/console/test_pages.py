"""The pages that are not made from the catalogue: what each shows, and what is done on it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from .conftest import Reader

pytestmark = pytest.mark.timeout(900)
"""The first that needs it builds the console, and has the company live."""

OPEN = ".ant-select-dropdown:not(.ant-select-dropdown-hidden)"


def test_a_deal_is_moved_on_the_board_by_the_command_that_moves_it(reader: Reader) -> None:
    reader.enter("Gao Yuan")
    page = reader.page
    reader.open("pipeline")
    deal = page.get_by_role("group", name="Qualification").get_by_role("article").first
    title = deal.get_by_role("link").first.inner_text()
    deal.get_by_role("button", name="Move").click()
    page.get_by_role("menuitem", name="Proposal").click()
    moved = page.get_by_role("group", name="Proposal").get_by_role("link", name=title).first
    moved.click()
    page.get_by_role("tab", name="History").click()
    expect(page.get_by_role("link", name="Opportunity advanced").first).to_be_visible()


def test_a_place_in_a_ranking_is_followed_to_the_events_behind_it(reader: Reader) -> None:
    reader.enter()
    page = reader.page
    reader.open("rankings?board=customers")
    page.locator("td.number a").first.click()
    expect(page.get_by_text("All rows are shown, and they sum to the figure.")).to_be_visible()
    page.locator("tbody a[href*='/events/']").first.click()
    expect(page.get_by_text("Who and by which command")).to_be_visible()


def test_a_race_is_led_to_any_week_and_runs_to_the_last(reader: Reader) -> None:
    reader.enter()
    page = reader.page
    since = (datetime.now(UTC) - timedelta(days=12)).date()
    reader.open(f"rankings?board=customers&race=week&first={since}")
    race = page.get_by_role("region", name="Race over time")
    slider = race.get_by_role("slider")
    today = slider.get_attribute("aria-valuetext")
    slider.press("Home")
    first = page.locator("td.number a").first
    expect(first).not_to_have_attribute("href", re.compile(f"last={today}"))
    early = first.inner_text()
    race.get_by_role("button", name="Play").click()
    expect(page).to_have_url(re.compile(f"at={today}"))
    expect(race.get_by_role("button", name="Play")).to_be_visible()
    expect(race.get_by_role("listitem").first).to_be_visible()
    expect(first).not_to_have_text(early)


def test_other_settings_are_tried_and_nothing_is_changed_by_them(reader: Reader) -> None:
    reader.enter()
    page = reader.page
    today = datetime.now(UTC).date()
    reader.open(f"what-if?first={today - timedelta(days=12)}&last={today}")
    page.get_by_role("button", name="Decide anew").click()
    expect(page.get_by_text("Change a value first")).to_be_visible()
    for points, button in (("2", "Try another beside it"), ("3", "Decide anew")):
        page.get_by_label("Points", exact=True).fill(points)
        page.get_by_role("button", name=button).click()
    expect(page).to_have_url(re.compile("job="))
    for _ in range(2):  # what was tried is found again after a reload
        earned = page.get_by_role("row", name="Earned")
        expect(earned.locator("strong")).to_have_count(2)
        expect(page.get_by_role("tab", name="Points 3")).to_be_visible()
        page.reload()
    with page.expect_download() as told:
        page.get_by_role("button", name="Export").first.click()
    assert told.value.suggested_filename == "what-if.csv"
    reader.open("settings/loyalty.earning")
    expect(page.get_by_text("As delivered")).to_be_visible()


def test_a_view_is_made_anew_compared_and_switched(reader: Reader) -> None:
    reader.enter()
    page = reader.page
    reader.open("operations")
    page.get_by_label("Find a view").fill("funnel")
    page.get_by_role("button", name="Make anew").first.click()
    page.get_by_role("button", name="Make anew and compare").click()
    expect(page.get_by_text("Both say the same.")).to_be_visible()
    page.reload()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_text("Both say the same.")).to_be_visible()
    expect(drawer.get_by_role("row", name="Rows")).to_be_visible()
    drawer.get_by_role("button", name="Switch in").click()
    page.get_by_role("tooltip").get_by_role("button", name="Switch in").click()
    expect(drawer.get_by_text("The new generation answers.")).to_be_visible()
    expect(drawer.get_by_text("Generation 2 answers.")).to_be_visible()


def test_each_sees_of_operations_what_he_keeps_in_order(reader: Reader, elsewhere: Reader) -> None:
    for one, name, parts in (
        (elsewhere, "Yu Xiaoman", ["Deadlines", "Imports"]),
        (reader, "Shen Mingzhe", ["Views", "Processes", "Deadlines", "Integrity"]),
    ):
        one.enter(name)
        one.page.get_by_role("menuitem", name="Operations").click()
        expect(one.page.get_by_role("tab")).to_have_text(parts)
    reader.page.get_by_role("tab", name="Integrity").click()
    reader.page.get_by_role("button", name="Check the log").click()
    expect(reader.page.get_by_text("events are as they were chained")).to_be_visible()


def test_a_mail_address_waits_for_its_code_and_notices_are_sent_there(reader: Reader) -> None:
    reader.enter()
    page = reader.page
    reader.open("destinations")
    page.get_by_role("button", name="Add a destination").click()
    page.get_by_label("Address").fill("owner@example.com")
    page.get_by_role("button", name="Add", exact=True).click()
    there = page.get_by_role("row", name="owner@example.com")
    expect(there.get_by_text("Not confirmed")).to_be_visible()
    expect(there.get_by_role("button", name="Send a test")).to_be_disabled()
    page.get_by_label("Sent to An order of mine was refused").click()
    page.locator(f"{OPEN} .ant-select-item-option", has_text="owner@example.com").click()
    page.reload()
    sent = page.get_by_role("row").filter(
        has=page.get_by_label("Sent to An order of mine was refused")
    )
    expect(sent).to_contain_text("owner@example.com")
    there.get_by_role("button", name="Deliveries").click()
    expect(page.get_by_text("Nothing was sent there yet.")).to_be_visible()


def test_an_order_tells_how_far_it_has_come(reader: Reader) -> None:
    reader.enter()
    page = reader.page
    reader.open("orders?status=shipped&sort=drafted_at")
    page.locator("tbody a[href*='/console/orders/']").first.click()
    course = page.locator(".ant-card", has_text="Course of the order")
    invoiced = course.locator(".ant-steps-item", has_text="Invoiced")
    invoiced.locator("a[href*='/events/']").click()
    expect(page.get_by_role("heading", level=1, name="Invoice issued")).to_be_visible()


def test_the_past_stays_until_it_is_left_and_nothing_is_done_in_it(reader: Reader) -> None:
    reader.enter()
    page = reader.page
    reader.open("orders?status=shipped")
    new = page.get_by_role("link", name="Draft order")
    expect(new).to_be_visible()
    page.get_by_role("button", name="A day earlier").click()
    expect(page).to_have_url(re.compile("status=shipped&as_of="))
    expect(new).to_be_hidden()
    page.locator("tbody a[href*='/console/orders/']").first.click()
    expect(page).to_have_url(re.compile(r"/orders/SO-\d+\?as_of="))
    page.get_by_role("button", name="Back to now").click()
    expect(page).to_have_url(re.compile(r"/orders/SO-\d+$"))


def test_payments_settle_by_rule_or_by_hand_and_settings_say_why_they_changed(
    reader: Reader,
) -> None:
    reader.enter()
    page = reader.page
    for number in ("RC-X", "RC-Y"):
        reader.open("commands/receive-payment")
        page.get_by_role("button", name="More fields").click()
        page.locator("#id").fill(number)
        page.locator("#customer").fill("d-01")
        page.locator(".ant-select-item-option", has_text="Shenhe Trading").click()
        page.locator("#amount").fill("100")
        page.locator("#currency").fill("CNY")
        page.locator("#currency").press("Enter")
        page.locator("form button[type=submit]").click()
        expect(page.get_by_role("heading", level=1, name=number)).to_be_visible()
    reader.open("receivables?tab=allocation")
    page.get_by_role("button", name="RC-X").click()
    page.get_by_role("button", name="Settle what is due first").click()
    expect(page.get_by_text("The payment is allocated.")).to_be_visible()
    expect(page.get_by_role("button", name="RC-X")).to_be_hidden()
    page.get_by_role("button", name="RC-Y").click()
    expect(page.get_by_text("Open invoices for RC-Y")).to_be_visible()
    page.locator("li", has_text="RC-Y").drag_to(page.locator("tr", has_text="INV-").first)
    expect(page.get_by_role("button", name="RC-Y")).to_be_hidden()
    reader.open("settings/receivables.invoicing")
    page.get_by_label("Why it changes").fill("Everybody has more time")
    page.locator("input[role=spinbutton]").first.fill("45")
    page.get_by_role("button", name="Change settings").click()
    expect(page.get_by_text("Everybody has more time")).to_be_visible()


def test_lines_are_filled_in_by_the_keyboard_and_what_they_come_to_stays_over_a_reload(
    reader: Reader,
) -> None:
    reader.enter()
    page = reader.page
    reader.open("commands/draft-order")
    for field, words, found in (
        ("customer", "d-01", "Shenhe Trading"),
        ("warehouse", "s-04", "Lifeng Fresh"),
        ("lines_0_item", "P101", "Spring water"),
    ):
        page.locator(f"#{field}").fill(words)
        page.locator(f"{OPEN} .ant-select-item-option-active", has_text=found).wait_for()
        page.locator(f"#{field}").press("Enter")
    page.locator("#lines_0_quantity").fill("3")
    page.locator("#lines_0_unit_price").fill("20")
    page.locator("#lines_0_discount_bp").fill("2.5")
    page.keyboard.press("Enter")
    expect(page.locator("#lines_1_item")).to_be_focused()
    expect(page.locator(".line-total")).to_contain_text("58.50")
    page.reload()
    expect(page.locator(".line-total")).to_contain_text("58.50")
    expect(page.locator("table").get_by_text("Spring water")).to_be_visible()
    page.get_by_role("button", name="Remove row 2").click()
    page.locator("#lines_0_quantity").press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("SO-")


def test_the_first_page_is_arranged_by_each_reader_wherever_he_signs_in(
    reader: Reader, elsewhere: Reader
) -> None:
    reader.enter()
    page = reader.page
    month = page.locator(".home .ant-card-head", has_text="This month")
    expect(month).to_be_visible()
    page.get_by_role("button", name="Arrange").click()
    page.get_by_role("switch", name="Show This month").click()
    page.get_by_role("button", name="Move up Requests to confirm").click()
    reader.open("")
    expect(page.locator(".home .ant-card-head").first).to_contain_text("Requests to confirm")
    expect(month).to_be_hidden()
    page.get_by_role("button", name="Dark").click()
    reader.open("orders")
    page.get_by_role("button", name="Columns").click()
    page.get_by_role("checkbox", name="Warehouse").uncheck()
    expect(page).to_have_url(re.compile("fields="))
    elsewhere.enter()
    there = elsewhere.page
    expect(there.locator(".home .ant-card-head").first).to_contain_text("Requests to confirm")
    expect(there.get_by_text("This month")).to_be_hidden()
    expect(there.locator("html")).to_have_attribute("data-theme", "dark")
    elsewhere.open("orders")
    expect(there.get_by_role("columnheader", name="Customer", exact=True)).to_be_visible()
    expect(there.get_by_role("columnheader", name="Warehouse")).to_be_hidden()
    there.get_by_role("button", name="Columns").click()
    there.get_by_role("button", name="Usual columns").click()
    expect(there.get_by_role("columnheader", name="Warehouse")).to_be_visible()
    there.get_by_role("button", name="Dark").click()
    page.get_by_role("button", name="owner").click()
    page.get_by_role("menuitem", name="Sign out").click()
    page.get_by_role("button", name="Chen Xiaolan").wait_for()
    reader.enter("Chen Xiaolan")
    expect(month).to_be_visible()


def test_a_file_is_checked_before_it_is_taken_and_what_it_made_is_found_by_the_keyboard(
    reader: Reader,
) -> None:
    reader.enter()
    page = reader.page
    rows = "Number,名称\nsack,Bag of ten\nno blanks please,Box\n"
    file = {"name": "units.csv", "mimeType": "text/csv", "buffer": rows.encode("gb18030")}
    reader.open("import?command=register-unit")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_label("Field of Number").click()
    page.locator(".ant-select-item-option", has_text="(id)").click()
    page.get_by_role("button", name="Check all rows").click()
    expect(page.get_by_text("2 rows checked: 1 good, 1 wrong.")).to_be_visible()
    page.get_by_label("Take the good rows").check()
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("2 rows: 1 taken, 1 refused.")).to_be_visible()
    reader.open("operations?tab=imports")
    page.get_by_role("row", name="Done").get_by_role("button", name="Take back").first.click()
    page.get_by_role("button", name="Take back all of it").click()
    expect(page.get_by_text("All of it is taken back. Rows: 1.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("All of it is taken back. Rows: 1.")).to_be_visible()
    reader.open("units")
    page.get_by_role("heading", level=1).wait_for()
    expect(page.get_by_text("Bag of ten")).to_be_hidden()
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Page, command").fill("Register unit")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/commands/register-unit$"))


def test_many_are_done_at_once_from_a_view_that_was_kept(reader: Reader) -> None:
    reader.enter()
    page = reader.page
    reader.open("orders?status=draft")
    page.get_by_role("button", name="Views").click()
    page.get_by_role("textbox", name="Name of the view").fill("To be sent")
    page.get_by_role("button", name="Keep").click()
    reader.open("orders")
    page.get_by_role("button", name="Views").click()
    page.get_by_role("button", name="To be sent", exact=True).click()
    expect(page).to_have_url(re.compile("status=draft"))
    chosen = page.locator("tr.ant-table-row").first
    number = chosen.get_by_role("link").first.inner_text()
    chosen.get_by_role("checkbox").check()
    page.get_by_role("button", name="Do with all").click()
    page.get_by_role("menuitem", name="Cancel order").click()
    page.get_by_role("dialog").locator("#reason").fill("They changed plans")
    page.get_by_role("dialog").get_by_role("button", name="Cancel order").click()
    expect(page.get_by_text("Done for 1.")).to_be_visible()
    expect(page.get_by_role("link", name=number)).to_be_hidden()


def test_a_list_of_settings_is_filled_in_row_by_row_and_its_version_tells_what_changed(
    reader: Reader,
) -> None:
    reader.enter()
    page = reader.page
    reader.open("settings/approvals.routes")
    page.get_by_role("button", name="Add a row: Signers").last.click()
    page.get_by_label("Account").last.fill("owner")
    page.locator(".ant-select-item-option-active", has_text="owner").wait_for()
    page.get_by_label("Account").last.press("Enter")
    page.get_by_label("Remind hours").last.fill("48")
    page.get_by_label("Why it changes").fill("The owner may sign as well")
    page.get_by_role("button", name="Change settings").click()
    version = page.locator("li", has_text="The owner may sign as well")
    row = version.get_by_role("row", name="Routes large › Steps 2 › Remind hours")
    expect(row).to_contain_text("48")
    expect(version.get_by_role("row", name="Signers 2 › Account")).to_contain_text("owner")


def test_what_happens_is_seen_at_once_and_waits_while_paused(reader: Reader) -> None:
    reader.enter()
    page = reader.page
    reader.open("stream?kind=unit")
    expect(page.get_by_text("Live", exact=True)).to_be_visible()

    def register(id: str) -> None:
        page.evaluate(
            """async (id) => {
                const session = await (await fetch('/sessions/current')).json();
                const headers = {'Content-Type': 'application/json', 'Idempotency-Key': id,
                    'X-CSRF-Token': session.csrf_token};
                const body = JSON.stringify({id, name: id});
                await fetch('/commands/register-unit', {method: 'POST', headers, body});
            }""",
            id,
        )

    register("flask")
    expect(page.get_by_role("link", name="Unit of measure flask")).to_be_visible()
    page.get_by_role("button", name="Pause").click()
    register("keg")
    go_on = page.get_by_role("button", name="Go on: 1 came meanwhile")
    expect(go_on).to_be_visible()
    expect(page.get_by_role("link", name="Unit of measure keg")).to_be_hidden()
    go_on.click()
    expect(page.get_by_role("link", name="Unit of measure keg")).to_be_visible()
    page.get_by_role("button", name="Read elsewhere").click()
    expect(page.get_by_role("dialog")).to_contain_text("/events/stream?kind=unit")


def test_two_states_are_compared_and_a_quotation_stands_beside_what_is_so_now(
    reader: Reader,
) -> None:
    reader.enter()
    page = reader.page
    reader.open("quotations?sort=drafted_at")
    page.locator("tbody a[href*='/console/quotations/']").first.click()
    offer = page.locator(".ant-card", has_text="What is offered")
    expect(
        offer.get_by_text("Customer owes").or_(offer.get_by_text("Margin")).first
    ).to_be_visible()
    with page.expect_download() as paper:
        offer.get_by_role("link", name="PDF, English").click()
    assert paper.value.path().read_bytes().startswith(b"%PDF-")
    offer.get_by_role("button", name="Expand row").first.click()
    expect(offer.get_by_text("List price", exact=True).first).to_be_visible()
    page.get_by_role("tab", name="Compare").click()
    expect(page.locator("tr[data-row-key=status]")).to_contain_text("Draft")
    page.get_by_role("button", name="One step earlier").click()
    expect(page).to_have_url(re.compile("from=\\d+&to=\\d+"))
    expect(page.locator("tr[data-row-key=customer]")).to_be_hidden()
    page.get_by_role("button", name="unchanged: show").click()
    expect(page.locator("tr[data-row-key=customer]")).to_be_visible()


def test_what_somebody_else_may_do_is_tried_of_everything_and_of_one_thing(reader: Reader) -> None:
    reader.enter()
    page = reader.page
    reader.open("access?tab=tried&account=r-chen")
    area = page.get_by_role("row", name="Customers").first
    expect(area).to_contain_text("Change customer details")
    expect(area).to_contain_text("Representative")
    for customer, may in (("d-01", "Yes"), ("d-05", "No")):
        reader.open(f"access?tab=tried&account=r-chen&kind=customer&id={customer}")
        expect(page.get_by_role("row", name="See it")).to_contain_text(may)


def test_all_of_a_customer_a_dealer_and_a_member_stands_on_one_page_each(reader: Reader) -> None:
    reader.enter()
    page = reader.page
    reader.open("customers/d-01")
    expect(page.get_by_role("tab", name="Customer 360", selected=True)).to_be_visible()
    expect(page.get_by_text("Wants the gift boxes")).to_be_visible()
    page.get_by_role("tab", name="Files").click()
    paper = {"name": "visit.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}
    page.locator("input[type=file]").set_input_files(paper)
    expect(page.get_by_role("link", name="visit.pdf")).to_be_visible()
    page.get_by_role("tab", name="Dealer file").click()
    expect(page.locator(".ant-card", has_text="Agreements").get_by_text("Signed")).to_be_visible()
    page.get_by_role("link", name="Explain Open").first.click()
    expect(page.get_by_text("All rows are shown, and they sum to the figure.")).to_be_visible()
    reader.open("members/m-0001")
    expect(page.get_by_role("link", name="Explain Balance: CN¥371.50")).to_be_visible()
    reader.open("figures/points")
    page.locator("tbody a[href*='/console/members/']").first.click()
    balance = page.get_by_role("link", name="Explain Balance").first.inner_text()
    expect(page.get_by_text(f"{balance} left in all")).to_be_visible()


def test_what_was_reached_of_a_target_leads_to_what_happened(reader: Reader) -> None:
    reader.enter()
    page = reader.page
    reader.open("target-tree?metric=cash_collected")
    row = page.locator("tr.ant-table-row-level-1", has_text="陈小岚")
    row.get_by_role("link", name="Explain").click()
    expect(page.get_by_text("All rows are shown, and they sum to the figure.")).to_be_visible()
