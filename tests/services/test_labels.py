"""Whatever is shown has a label in both languages, and no label is for nothing."""

import re
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from docs.pages import ROOT, blocks

from aggregates.orders.order import NotNow
from aggregates.orders.words import STATES, STEPS
from services import labelled, labels
from services.labels import GROUPS, LANGUAGES, catalogue, entries, names, of

CHINESE = re.compile(r"[\u4e00-\u9fff]")
FILE = "services/locale/{}/LC_MESSAGES/distributary.po"
PAGES = ROOT / "docs"


def test_everything_has_a_chinese_label() -> None:
    lacking = labelled.missing("zh-CN")
    wanted = "\n\n".join(f'msgctxt "{g}"\nmsgid "{short(n, g)}"\nmsgstr "…"' for g, n in lacking)
    assert not lacking, f"Add to {FILE.format('zh_CN')} what these are called:\n\n{wanted}"


def test_a_refusal_calls_the_states_of_an_order_as_its_list_does() -> None:
    for status in sorted(STATES.keys() - {"unknown"}):
        assert STATES[status] == of("value", f"status.{status}", "zh-CN")
    for step, said in STEPS.items():
        assert said == of("value", f"step.{step}", "zh-CN")
    assert NotNow("shipped", ("draft",)).zh == "订单的状态是“已发货”；此操作要求状态为“草稿”。"


def short(name: str, group: str) -> str:
    """The name that most places can share."""
    return ".".join(name.split(".")[-2:]) if group == "value" else name.split(".")[-1]


def test_every_kind_context_and_figure_has_an_english_label_of_its_own() -> None:
    shown = ("kind", "context", "figure")
    lacking = [key for key in labelled.missing("en") if key.group in shown]
    wanted = "\n".join(f'msgctxt "{group}", msgid "{name}"' for group, name in lacking)
    assert not lacking, (
        f"Add to {FILE.format('en')} what these are called, a kind with its plural:\n{wanted}"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_label_is_for_nothing(language: str) -> None:
    used = {(key.group, name) for key in labelled.every() for name in names(key.name)}
    idle = [entry for entry in entries(language) if (entry.group, entry.names[0]) not in used]
    assert not idle, f"Remove from {FILE.format(language.replace('-', '_'))}: nothing is named so"


@pytest.mark.parametrize("file", sorted(ROOT.glob(FILE.format("*").replace("distributary", "*"))))
def test_nothing_is_labelled_twice(file: Path) -> None:
    """Whoever reads the file would take the last one, and nobody would see that it is."""
    every = re.findall(r'(?:msgctxt "(.*)"\n)?msgid "(.+)"\n', file.read_text("utf-8"))
    assert [entry for entry, count in Counter(every).items() if count > 1] == []


def test_no_english_label_says_what_the_name_says_already() -> None:
    said = [
        entry
        for entry, text in catalogue("en").items()
        if entry[0] not in ("kind", "context") and text == labels.spelt(entry[1])
    ]
    assert not said, f"Remove from {FILE.format('en')}: the name in words is the same"


def test_a_chinese_label_is_chinese() -> None:
    assert not [text for text in catalogue("zh-CN").values() if not CHINESE.search(text)]


def test_a_field_may_be_called_otherwise_where_it_stands() -> None:
    assert of("field", "OrderSplit.left", "zh-CN") == "拆出的订单行"
    assert of("field", "reps.left", "zh-CN") == of("field", "left", "zh-CN") == "离职原因"
    assert of("value", "receive-stock.reason.return", "zh-CN") == "客户退货"
    assert of("value", "customer_kind.dealer", "zh-CN") == "经销商"


def test_in_english_a_name_in_words_is_its_label_unless_there_is_another() -> None:
    assert of("field", "customers.registered_at", "en") == "Registered at"
    assert of("event", "CustomerRegistered", "en") == "Customer registered"
    assert of("command", "draft-order", "en") == "Draft order"
    assert of("field", "win_rate_bp", "en") == "Win rate (basis points)"


def test_a_kind_is_named_in_the_singular_and_in_the_plural() -> None:
    assert of("kind", "opportunity", "en") == "Opportunity"
    assert of("kind", "opportunities", "en") == "Opportunities"
    assert of("kind", "opportunities", "zh-CN") == "商机"


def test_what_has_no_label_yet_is_shown_in_words_in_either_language() -> None:
    assert of("field", "visits.planned_for", "zh-CN") == "Planned for"
    assert of("event", "VisitPlanned", "en") == "Visit planned"


def test_the_page_on_extending_shows_entries_that_can_be_read(tmp_path: Path) -> None:
    (shown,) = blocks(PAGES / "extend.md", "po")
    (tmp_path / "shown.po").write_text(shown.text, "utf-8")
    with (tmp_path / "shown.po").open("rb") as file:
        found = list(read_po(file, abort_invalid=True))
    assert {message.context for message in found if message.id} <= set(GROUPS)


@pytest.mark.parametrize(
    ("name", "en", "zh"),
    [
        ("set-credit-limit.limit", "Credit limit", "信用额度"),
        ("stock.limit", "Rows per page", "每页行数"),
        ("announce-absence.since", "Since", "起始时间"),
        ("transit.since", "On its way since", "在途起始"),
        ("set-target.number", "Target number", "目标数量"),
    ],
)
def test_a_name_that_means_another_thing_elsewhere_is_called_otherwise_there(
    name: str, en: str, zh: str
) -> None:
    assert [labels.of("field", name, language) for language in LANGUAGES] == [en, zh]
