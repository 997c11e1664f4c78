"""What the papers of the demo company show besides what is offered."""

from commands.organisation.settings import ChangeSettings
from services.bootstrap import Platform, request

HEAD = {
    "name": "Jiangnan Foods Co., Ltd.",
    "name_zh": "江南食品有限公司",
    "address": "8 Wharf Road, Gongshu, Hangzhou",
    "address_zh": "杭州市拱墅区码头路8号",
    "tax_id": "91330100MA27A1B2C3",
    "phone": "0571-8888 6666",
    "bank": "Bank of Hangzhou, Gongshu Branch",
    "bank_zh": "杭州银行拱墅支行",
    "bank_account": "3301 0401 6000 0088",
}
TERMS = [
    {
        "text": "Prices include delivery to your warehouse.",
        "text_zh": "价格含送货至贵方仓库的运费。",
    },
    {"text": "Payment within 30 days of the invoice.", "text_zh": "开票后30天内付款。"},
]
SETTINGS = {
    "organisation.letterhead": HEAD,
    "pricing.quotation_terms": {"terms": TERMS, "tax_bp": 1_300},
}


def ask(platform: Platform, source: str) -> int:
    """Settle them; asked again, it changes nothing. Answers the position of the last event."""
    keyed = [
        request(
            ChangeSettings(id=name, values=values, reason="Our papers"), "demo", f"{source}-{name}"
        )
        for name, values in SETTINGS.items()
    ]
    return max(platform.executor.execute(one).position for one in keyed)
