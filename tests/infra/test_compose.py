"""compose.yaml starts what the program offers, checks it, and shows it to this machine alone."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from pace import limit
from secure_broker import SERVICES as SECURED
from secure_broker import of_compose

from infra.settings import Settings
from services.local.kafka import tool

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
SERVERS = SERVICES.keys() - OURS.keys()
FILES = "files:/data/var/files"
COMMANDS = [service["command"] for service in OURS.values()] + [
    service["healthcheck"]["test"][2:]
    for service in OURS.values()
    if "distributary" in service.get("healthcheck", {}).get("test", [])
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_each_part_is_a_verb_of_the_program(command: list[str]) -> None:
    program = Path(sys.executable).with_name("distributary")
    asked = subprocess.run([program, *command, "--help"], capture_output=True, timeout=limit(60))
    assert asked.returncode == 0, asked.stderr.decode()


def test_whatever_keeps_running_is_checked() -> None:
    assert {name for name, service in SERVICES.items() if "healthcheck" not in service} == {
        "migration"
    }


def test_nothing_is_open_to_other_machines() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_data_outlive_their_containers() -> None:
    for name in SERVERS:
        volume = SERVICES[name]["volumes"][0].partition(":")[0]
        assert volume in COMPOSE["volumes"]


@pytest.mark.parametrize("name", ["api", "process"])
def test_whoever_takes_files_and_whoever_removes_them_have_one_folder(name: str) -> None:
    assert SERVICES[name]["volumes"] == [FILES]
    assert "files" in COMPOSE["volumes"]


@pytest.mark.parametrize("name", ["publisher", "projector", "process"])
def test_a_worker_can_be_run_many_times_over(name: str) -> None:
    assert "container_name" not in SERVICES[name]
    assert set(SERVICES[name].get("volumes", ())) <= {FILES}  # all that run have it in common
    assert all(port.startswith("127.0.0.1::") for port in SERVICES[name]["ports"])


@pytest.mark.parametrize("name", ["publisher", "projector", "process"])
def test_a_worker_tells_its_figures_to_this_machine(name: str) -> None:
    port = SERVICES[name]["environment"]["DISTRIBUTARY_METRICS_PORT"]
    assert [one.rpartition(":")[2] for one in SERVICES[name]["ports"]] == [port]


def test_no_part_starts_before_the_tables_are_there() -> None:
    waiting = OURS.keys() - {"migration"}
    for name in waiting:
        condition = OURS[name]["depends_on"]["migration"]["condition"]
        assert condition == "service_completed_successfully"


def test_orders_are_taken_while_kafka_is_away() -> None:
    assert "kafka" not in SERVICES["api"]["depends_on"]


def test_a_missing_password_is_named_with_what_to_do() -> None:
    secrets = {
        value
        for service in SERVICES.values()
        for name, value in service["environment"].items()
        if "PASSWORD" in name
    }
    assert len(secrets) == 1
    assert re.fullmatch(r"\$\{POSTGRES_PASSWORD:\?.*write .* into the file \.env\}", *secrets)


def test_our_parts_have_no_more_rights_than_they_need() -> None:
    for service in OURS.values():
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
    assert "\nUSER distributary\n" in (ROOT / "Dockerfile").read_text()


def test_kafka_knows_every_setting_that_it_is_given(kafka: Any) -> None:
    """The image makes KAFKA_LOG_DIRS into log.dirs; a misspelt one would be passed over."""
    entity = ["--entity-type", "brokers", "--entity-name", "1", "--describe", "--all"]
    described = tool(kafka.bootstrap, "kafka.admin.ConfigCommand", *entity)
    known = set(re.findall(r"^\s+([\w.]+)=", described, re.MULTILINE))
    given = SERVICES["kafka"]["environment"]
    assert {name.removeprefix("KAFKA_").lower().replace("_", ".") for name in given} <= known


def test_every_variable_of_ours_is_a_setting() -> None:
    known = {f"DISTRIBUTARY_{field.upper()}" for field in Settings.model_fields}
    for service in (*SERVICES.values(), *SECURED.values()):
        given = {one for one in service.get("environment", {}) if one.startswith("DISTRIBUTARY_")}
        assert given <= known


def test_in_production_kafka_has_no_listener_without_tls() -> None:
    given = SECURED["kafka"]["environment"]
    names = {one.partition("://")[0] for one in given["KAFKA_LISTENERS"].split(",")}
    kinds = dict(one.split(":") for one in given["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"].split(","))
    assert names == kinds.keys()
    assert set(kinds.values()) == {"SSL", "SASL_SSL"}


def test_each_worker_of_production_has_the_user_and_the_secret_that_are_made_for_it() -> None:
    made = {words[3]: words for words in of_compose()}
    assert made.keys() == {"publisher", "projector", "analyst"}
    for name in ("publisher", "projector"):
        given = SECURED[name]["environment"]
        assert given["DISTRIBUTARY_KAFKA_USER"] == name
        assert given["DISTRIBUTARY_KAFKA_PASSWORD_FILE"] == made[name][-1]
        assert SECURED[name]["secrets"][0] == made[name][-1].rpartition("/")[2]


def test_each_service_of_production_has_the_secret_of_its_role_alone() -> None:
    for name, service in SECURED.items():
        file = service.get("environment", {}).get("DISTRIBUTARY_DATABASE_PASSWORD_FILE", "")
        given = {one for one in service.get("secrets", []) if one.startswith("distributary_")}
        if name != "database-roles":
            assert given == {one for one in [file.removeprefix("/run/secrets/")] if one}, name
