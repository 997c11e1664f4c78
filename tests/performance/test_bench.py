"""The benchmark runs from end to end; how fast anything is, no test asks."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from pace import limit

NAMES = {
    "append",
    "append_limit",
    "numbers",
    "order",
    "order_limit",
    "append_batch",
    "import",
    "publish",
    "project",
    "project_many",
    "parked",
    "deadlines",
    "deadlines_set",
    "rebuild",
    "rebuild_kafka",
    "rebuild_confluent",
    "record_project",
    "record_rebuild",
    "record_list_postgres",
    "record_list_sqlite",
    "record_search_postgres",
    "record_search_sqlite",
    "record_search_latin_postgres",
    "record_search_latin_sqlite",
    "scoped_list_postgres",
    "scoped_list_sqlite",
    "scoped_ranking",
    "customer_overview",
    "dealer_file",
    "dealer_statements",
    "http",
    "http_limit",
    "commit_to_kafka_p50",
    "commit_to_kafka_p99",
    "commit_to_view_p50",
    "commit_to_view_p99",
}


@pytest.mark.timeout(280)
def test_every_measurement_runs_and_says_what_it_found(tmp_path: Path) -> None:
    found = tmp_path / "bench.json"
    words = [sys.executable, "-m", "tests.performance", "--quick", "--output", str(found)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=limit(270), check=False)
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
    figures = json.loads(found.read_text())
    assert set(figures) == NAMES
    for name, figure in figures.items():
        assert set(figure) == {"ours", "reference", "ratio", "unit"}, name
        assert min(figure["ours"], figure["reference"], figure["ratio"]) > 0, name
        assert name in done.stdout


@pytest.mark.timeout(120)
@pytest.mark.parametrize("which", ["cluster", "standalone"])
def test_what_each_process_holds_is_measured_while_a_log_grows(which: str) -> None:
    words = [sys.executable, "-m", "tests.performance.memory", which, "1000"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=limit(110), check=False)
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
    rows = [line.replace(",", "").split() for line in done.stdout.splitlines()]
    assert rows[-1][0] == "1000"
    assert all(int(size) > 10 for row in rows for size in row[2::2])
