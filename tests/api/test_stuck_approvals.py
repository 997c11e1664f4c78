"""An approval that nobody can sign is told to whoever can have others sign it."""

from typing import Any

import pytest
from api.test_approvals import accounts, as_account, founded, submitted, waiting

from services.notices.notifier import Notifier


@pytest.mark.capability("OR-02")
def test_what_nobody_can_sign_any_more_is_told_and_given_to_somebody_else(api: Any) -> None:
    founded(api)
    who = accounts(api)
    notifier = Notifier(api.platform)

    def told(name: str) -> list[str]:
        while notifier.step():
            pass
        return [one["notice"] for one in who[name].get("/notices")["data"]]

    told("ann")
    api.done("open-account", id="boss")
    api.done("grant-role", id="boss", role="owner", everything=True)
    who["boss"] = as_account(api, "boss")
    submitted(api, "O1", 5)
    assert (told("finn"), told("boss")) == (["approval-to-sign"], [])
    api.done("revoke-role", id="finn", role="finance", reason="left")
    submitted(api, "O2", 6)
    assert told("boss") == ["approval-stuck"], "nobody has the role any more"
    what = {"id": "order:O2:1", "step": 1, "instead_of": "role:finance", "reason": "finn 已离职"}
    assert who["li"].ask("reassign-approval", **what, signer="ann").status_code == 403
    refused = who["boss"].ask("reassign-approval", **what, signer="li")
    assert (refused.status_code, refused.json()["refusal"]) == (409, "CannotSign")
    wrong = who["boss"].ask("reassign-approval", **{**what, "instead_of": "role:x"}, signer="ann")
    assert "waits for role:finance" in wrong.json()["detail"]
    who["boss"].done("reassign-approval", **what, signer="wu")
    assert who["boss"].done("reassign-approval", **what, signer="wu")["repeated"]
    assert (told("wu"), waiting(who["wu"])) == (["approval-to-sign"], ["order:O2:1"])
    who["wu"].done("sign-approval", id="order:O2:1", step=1)
    api.feed()
    shown = api.get("/approvals/order:O2:1")["data"]
    assert "head:sales" in shown["waiting"]
    assert shown["reassignments"][0]["signer"] == "wu"
    timeline = api.get("/orders/O2/timeline")["data"]
    assert "ApprovalReassigned" in {one["type"] for one in timeline}
