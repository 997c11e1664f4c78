"""A quotation as PDF: read back, in both languages, as its customer gets it."""

import hashlib
import io
from typing import Any

import pytest
from api.test_quotations import DAY, draft, lines, selling
from pypdf import PdfReader
from virtual_days import Days

from infra.keys import Keys

HEAD = {
    "name": "Jiangnan Foods Co., Ltd.",
    "name_zh": "江南食品有限公司",
    "address": "8 Wharf Road, Hangzhou",
    "address_zh": "杭州市码头路8号",
    "tax_id": "91330100MA27A1B2C3",
    "bank_zh": "杭州银行",
    "bank_account": "3301 0101 2345",
}
TERMS = {"terms": [{"text": "Payment in 30 days", "text_zh": "30天内付款"}], "tax_bp": 1_300}


@pytest.fixture
def days(api: Any) -> Days:
    return selling(api)


def pdf(api: Any, **asked: Any) -> list[str]:
    """What stands on each page, without blanks and line ends."""
    api.feed()
    answer = api.client.get("/quotations/Q1/pdf", params=asked)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    pages = PdfReader(io.BytesIO(answer.content)).pages
    return ["".join(page.extract_text().split()) for page in pages]


def test_a_customer_gets_his_quotation_on_paper_in_his_language(days: Days) -> None:
    api = days.api
    for name, values in (("organisation.letterhead", HEAD), ("pricing.quotation_terms", TERMS)):
        api.done("change-settings", id=name, values=values, reason="on paper")
    cheap = {"name": "Secret", "priority": 1, "stacking": "stackable", "discount_bp": 1_000}
    api.done("register-discount-rule", id="secret", **cheap)
    api.done("add-product", id="cup", name="茶杯", category="x", unit="件", list_price=333, cost=77,
             currency="CNY")  # fmt: skip
    sold = [*lines(1_200), {"item": "cup", "quantity": 1}]
    api.done("draft-quotation", id="Q1", customer="C1", warehouse="WH-1", lines=sold,
             valid_until="2026-03-06", note="Within a week")  # fmt: skip
    api.done("send-quotation", id="Q1")
    (english,), (chinese,) = pdf(api, language="en"), pdf(api, language="zh")
    for said in (
        "JiangnanFoodsCo.,Ltd.Address:8WharfRoad,HangzhouTaxID:91330100MA27A1B2C3",
        "Bank:杭州银行·Account:330101012345",
        "NumberQ1Revision1CustomerCornerCurrencyCNYDate2026-03-02Validuntil2026-03-06ContactLiNa",
        "1Tea1,200box8.00-960.008,640.002茶杯1件3.33-0.333.00",
        "Totalatlistprices9,603.33Discount-960.33TotalCNY8,643.00",
        "Totalwithouttax7,648.67Taxincluded(13%)994.33NoteWithinaweekTerms1.Paymentin30days",
        "Page1of1",
    ):
        assert said in english
    for said in (
        "江南食品有限公司地址：杭州市码头路8号税号：91330100MA27A1B2C3开户行：杭州银行·账号",
        "序号产品数量单位标价优惠净额1Tea1,200box8.00-960.008,640.00",
        "合计CNY8,643.00不含税金额7,648.67其中税额（13%）994.33备注Withinaweek条款1.30天内付款",
        "第1页，共1页",
    ):
        assert said in chinese
    for hidden in ("ecret", "0.77", "DRAFT", "草稿"):
        assert hidden not in english + chinese


def test_what_is_not_offered_says_so_on_each_of_its_pages(days: Days) -> None:
    api = days.api
    draft(days)
    api.done("revise-quotation", id="Q1", lines=[{"item": "tea", "quantity": 1}] * 60)
    first, second = pdf(api, language="en")
    for page, number in ((first, 1), (second, 2)):
        assert "DRAFT" in page
        assert "No.ProductQuantityUnitListprice" in page
        assert f"Page{number}of2" in page
    assert "60Tea1box" in second
    sent = api.done("send-quotation", id="Q1")
    api.done("revise-quotation", id="Q1", lines=lines(10))
    api.done("send-quotation", id="Q1")
    assert "SUPERSEDED" in pdf(api, revision=1)[0]
    then = "".join(pdf(api, version=sent["version"], language="zh"))
    assert "已被取代" not in then
    assert "截至2026-03-02T" in then
    days.later(7 * DAY)
    assert "已过期" in pdf(api, language="zh")[0]
    assert api.client.get("/quotations/Q1/pdf?revision=3").status_code == 404


def test_a_paper_is_an_export_for_those_who_may_read_the_quotation(days: Days) -> None:
    api = days.api
    draft(days)
    api.done("hire-rep", id="wu", name="Wu", department="sales", region="east")
    api.done("open-account", id="tester")
    for account in ("li", "wu"):
        api.done("open-account", id=account, person=account)
        api.done("grant-role", id=account, role="representative", own="owner")
    api.feed()
    head = api.get("/quotations/Q1")["freshness"]["position"]

    def asked(account: str) -> Any:
        key = {"Authorization": f"Bearer {Keys(api.platform.database).new(account)}"}
        return api.client.get(f"/quotations/Q1/pdf?as_of={head}", headers=key)

    paper = asked("li")
    api.done("change-settings", id="organisation.letterhead", values=HEAD, reason="moved")
    days.later(DAY)
    api.feed()
    assert asked("li").content == paper.content
    assert asked("wu").status_code == 404
    api.platform.access_log.flush()
    noted = api.get("/access-log", kind="exported", actor="li")["data"][-1]["detail"]
    assert (noted["what"], noted["format"], noted["state"]) == (
        "quotations/Q1/pdf",
        "pdf",
        "complete",
    )
    assert noted["sha256"] == hashlib.sha256(paper.content).hexdigest()
    manifest = api.get(f"/exports/{paper.headers['x-export-id']}/manifest")
    assert (manifest["rows"], manifest["totals"]["amount"]) == (1, {"CNY": 9_000})
