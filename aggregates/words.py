"""What a refusal in Chinese calls states, kinds and other values that are words of a request."""

from collections.abc import Mapping

CHINESE: Mapping[str, str] = {
    # what becomes of a document
    "draft": "草稿",
    "signed": "已签署",
    "ended": "已终止",
    "waiting": "待签批",
    "completed": "已通过",
    "refused": "已拒绝",
    "withdrawn": "已撤回",
    "voided": "已失效",
    # why a deal was lost
    "price": "价格",
    "competitor": "竞争对手",
    "no_budget": "没有预算",
    "no_decision": "未作决定",
    "timing": "时机不对",
    "other": "其他",
    # who holds goods
    "warehouse": "仓库",
    "dealer": "经销商",
    # how somebody paid
    "way.bank_transfer": "银行转账",
    "way.cash": "现金",
    "way.cheque": "支票",
    "way.draft": "汇票",
    "way.card": "刷卡",
    "way.other": "其他",
    # by what a target is broken down
    "quarter": "季度",
    "month": "月",
    "week": "周",
    "department": "部门",
    "region": "区域",
    "rep": "业务员",
    "product": "产品",
    # things that are named
    "account": "账号",
    "appointment": "日程",
    "approval": "审批",
    "contract": "合同",
    "customer": "客户",
    "file": "文件",
    "invoice": "发票",
    "lead": "线索",
    "member": "会员",
    "opportunity": "商机",
    "order": "销售订单",
    "pipeline": "销售流程",
    "quotation": "报价单",
    "receipt": "收款单",
    "role": "角色",
    "stock": "库存",
    "task": "任务",
}
"""As the labels of the catalogue have them; what means something else in one place begins with
that place.
"""


def in_chinese(value: str) -> str:
    """What a value is called; one that a company made itself is what it is."""
    return CHINESE.get(value, value)
