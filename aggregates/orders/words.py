"""What the states and steps of an order are called in Chinese."""

from collections.abc import Mapping

STATES: Mapping[str, str] = {
    "unknown": "未知",
    "draft": "草稿",
    "submitted": "已提交",
    "approved": "已批准",
    "rejected": "已驳回",
    "partly_shipped": "部分发货",
    "shipped": "已发货",
    "cancelled": "已取消",
}
STEPS: Mapping[str, str] = {"payment": "款项", "shipping": "发货", "invoice": "开票"}
