"""The words of a quotation on paper."""

from collections.abc import Mapping
from typing import NamedTuple


class QuotationWords(NamedTuple):
    title: str
    number: str
    revision: str
    date: str
    valid_until: str
    customer: str
    reference: str
    contact: str
    currency: str
    line: str
    item: str
    quantity: str
    unit: str
    list_price: str
    discount: str
    amount: str
    before_discount: str
    total: str
    untaxed: str
    tax: str
    note: str
    terms: str
    address: str
    tax_id: str
    phone: str
    bank: str
    account: str
    as_of: str
    page: str
    between: str
    stamps: Mapping[str, str]
    """What goes across the paper while a revision is so."""


WORDS: Mapping[str, QuotationWords] = {
    "en": QuotationWords(
        title="Quotation",
        number="Number",
        revision="Revision",
        date="Date",
        valid_until="Valid until",
        customer="Customer",
        reference="Your reference",
        contact="Contact",
        currency="Currency",
        line="No.",
        item="Product",
        quantity="Quantity",
        unit="Unit",
        list_price="List price",
        discount="Discount",
        amount="Net amount",
        before_discount="Total at list prices",
        total="Total",
        untaxed="Total without tax",
        tax="Tax included ({rate} %)",
        note="Note",
        terms="Terms",
        address="Address",
        tax_id="Tax ID",
        phone="Phone",
        bank="Bank",
        account="Account",
        as_of="As it stood at {moment}",
        page="Page {page} of {pages}",
        between=": ",
        stamps={
            "draft": "DRAFT",
            "submitted": "DRAFT",
            "refused": "REFUSED",
            "expired": "EXPIRED",
            "cancelled": "CANCELLED",
            "superseded": "SUPERSEDED",
        },
    ),
    "zh-CN": QuotationWords(
        title="报价单",
        number="编号",
        revision="版本",
        date="日期",
        valid_until="有效期至",
        customer="客户",
        reference="贵方编号",
        contact="联系人",
        currency="币种",
        line="序号",
        item="产品",
        quantity="数量",
        unit="单位",
        list_price="标价",
        discount="优惠",
        amount="净额",
        before_discount="标价合计",
        total="合计",
        untaxed="不含税金额",
        tax="其中税额（{rate}%）",
        note="备注",
        terms="条款",
        address="地址",
        tax_id="税号",
        phone="电话",
        bank="开户行",
        account="账号",
        as_of="截至 {moment} 的内容",
        page="第 {page} 页，共 {pages} 页",
        between="：",
        stamps={
            "draft": "草稿",
            "submitted": "草稿",
            "refused": "已拒绝",
            "expired": "已过期",
            "cancelled": "已取消",
            "superseded": "已被取代",
        },
    ),
}
