"""Prometheus itself reads the alert rules, scrapes as the page says, and fills the dashboard."""

import json
import subprocess
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from docs.pages import ROOT, blocks
from docs.prometheus import PROMTOOL, Prometheus, needs_prometheus
from pace import limit
from servers import LOGS
from waiting import until
from workers.company import found

from docs.grafana import ALERTS, PANELS, RULES
from infra.keys import Keys
from services.local.part import Part
from services.local.process import free_port

if TYPE_CHECKING:
    from servers import GivenKafka

    from services.local.kafka import LocalKafka

pytestmark = needs_prometheus
CASES = Path(__file__).with_name("alerts.yaml")
SELDOM = {"Positions that are waited at", "Rebuilds"}
"""Panels with nothing to show while all is well."""
WORKERS = ("publish", "project", "process")
LIMIT = 60
INTERVAL = "10s"


def test_every_alert_fires_when_it_should_and_not_before() -> None:
    done = subprocess.run(
        [PROMTOOL or "", "test", "rules", CASES],
        capture_output=True,
        text=True,
        timeout=limit(LIMIT),
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_is_seen_to_fire_and_to_be_silent() -> None:
    asked = [
        (one["alertname"], bool(one.get("exp_alerts")))
        for case in yaml.safe_load(CASES.read_text("utf-8"))["tests"]
        for one in case["alert_rule_test"]
    ]
    assert set(asked) == {(rule["alert"], fires) for rule in RULES for fires in (True, False)}


@dataclass
class Served:
    url: str
    key: str
    workers: list[Part]

    def receive(self, number: int) -> None:
        body = {"location": "WH", "item": "tea", "quantity": 1, "reference": f"R-{number}"}
        headers = {"Authorization": f"Bearer {self.key}", "Idempotency-Key": f"receive-{number}"}
        headers["Content-Type"] = "application/json"
        request = urllib.request.Request(
            f"{self.url}/commands/receive-stock", json.dumps(body).encode(), headers
        )
        with urllib.request.urlopen(request, timeout=limit(10)) as answer:
            assert answer.status < 300


@pytest.fixture
def served(
    postgres_url: str,
    kafka: "LocalKafka | GivenKafka",
    topic_prefix: str,
    tmp_path: Path,
) -> Iterator[tuple[Served, Prometheus]]:
    """An API, its workers, and a Prometheus that asks them as docs/operate.md says."""
    company = found(postgres_url, kafka.bootstrap, topic_prefix)
    port, ports = free_port(), {job: free_port() for job in WORKERS}
    settings = {**company.environment, "DISTRIBUTARY_PORT": str(port)}
    key = Keys(company.platform.database).new("prometheus")
    company.close()
    logs = LOGS / f"prometheus-{uuid.uuid4().hex[:6]}"
    api = Part("api", ["serve"], logs, settings)
    workers = [
        Part(job, ["work", job], logs, {**settings, "DISTRIBUTARY_METRICS_PORT": str(told)})
        for job, told in ports.items()
    ]
    prometheus = Prometheus(tmp_path, scraping(tmp_path, key, [port], list(ports.values())))
    with ExitStack() as ends:
        for part in (api, *workers):
            ends.callback(part.process.stop)
            part.start()
        ends.callback(prometheus.stop)
        prometheus.start()
        yield Served(f"http://127.0.0.1:{port}", key, workers), prometheus


def scraping(directory: Path, key: str, apis: list[int], workers: list[int]) -> dict[str, Any]:
    [block] = (b for b in blocks(ROOT / "docs/operate.md", "yaml") if "scrape_configs" in b.text)
    shown: dict[str, Any] = yaml.safe_load(block.text)
    jobs = {job["job_name"]: job for job in shown["scrape_configs"]}
    (directory / "key").write_text(key)
    jobs["distributary"]["authorization"]["credentials_file"] = str(directory / "key")
    for name, ports in (("distributary", apis), ("distributary-workers", workers)):
        jobs[name]["static_configs"] = [{"targets": [f"127.0.0.1:{port}" for port in ports]}]
    often = {"scrape_interval": "1s", "evaluation_interval": "1s"}
    assert [Path(file).name for file in shown["rule_files"]] == [ALERTS.name]
    return {**shown, "global": often, "rule_files": [str(ALERTS)]}


@pytest.mark.timeout(180)
def test_prometheus_scrapes_as_the_page_says_and_every_panel_shows_something(
    served: tuple[Served, Prometheus],
) -> None:
    platform, prometheus = served

    def is_up() -> bool:
        return len(prometheus.query("up == 1")) == 1 + len(WORKERS)

    until(is_up, LIMIT, 0.2)
    wanted = {
        target["expr"].replace("$__rate_interval", INTERVAL)
        for panel in PANELS
        if panel["title"] not in SELDOM
        for target in panel["targets"]
    }
    done = 0

    def is_filled() -> bool:
        nonlocal done
        platform.receive(done := done + 1)
        wanted.difference_update([one for one in wanted if shows(prometheus, one)])
        return not wanted

    try:
        until(is_filled, LIMIT, 0.5)
    finally:
        print("nothing to show:", sorted(wanted))
    until(lambda: value(prometheus, "distributary_log_position") == str(done), LIMIT, 0.2)
    assert {rule["health"] for rule in rules(prometheus)} == {"ok"}
    until(lambda: not troubled(prometheus), LIMIT, 0.5)  # what was pending is over soon
    platform.workers[0].process.kill()
    until(lambda: troubled(prometheus) == {"DistributaryWorkerDown": "pending"}, LIMIT, 0.2)


def value(prometheus: Prometheus, expression: str) -> str:
    """The newest one; nothing where the last scrape came to no end."""
    found = prometheus.query(expression)
    return str(found[0]["value"][1]) if found else ""


def rules(prometheus: Prometheus) -> list[dict[str, Any]]:
    [group] = prometheus.ask("rules")["groups"]
    found: list[dict[str, Any]] = group["rules"]
    return found


def troubled(prometheus: Prometheus) -> dict[str, str]:
    stood = {rule["name"]: rule["state"] for rule in rules(prometheus)}
    return {name: state for name, state in stood.items() if state != "inactive"}


def shows(prometheus: Prometheus, expression: str) -> bool:
    return any(one["value"][1] != "NaN" for one in prometheus.query(expression))
