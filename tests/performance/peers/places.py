"""A place of its own for each peer, with the packages it is pinned to, under build/peers."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
PLACES = Path("build/peers").absolute()
LIMIT = 300


class Missing(Exception):
    """A peer cannot be had here; the message says why, in one line."""


def python(name: str) -> str:
    """The Python that has this peer's packages, at the versions of its requirements."""
    wanted, place = HERE / f"requirements-{name}.txt", PLACES / name
    inside = str(place / "bin/python")
    if _begin(place, wanted):
        _run(sys.executable, "-m", "uv", "venv", "-q", "--clear", "-p", sys.executable, str(place))
        _run(sys.executable, "-m", "uv", "pip", "install", "-q", "-p", inside, "-r", str(wanted))
        _done(place, wanted)
    return inside


def node(name: str) -> tuple[str, str]:
    """Node and the script, beside the packages that its package.json names."""
    found, place, source = shutil.which("node"), PLACES / name, HERE / name
    if found is None or shutil.which("npm") is None:
        raise Missing("node and npm are not here")
    if _begin(place, source / "package.json"):
        shutil.copytree(source, place, dirs_exist_ok=True)
        _run("npm", "install", "--no-package-lock", "--no-audit", "--no-fund", at=place)
        _done(place, source / "package.json")
    shutil.copytree(source, place, dirs_exist_ok=True)
    return found, str(place / "append.mjs")


def _begin(place: Path, wanted: Path) -> bool:
    """Whether there is anything to install."""
    place.mkdir(parents=True, exist_ok=True)
    stamp = place / ".installed"
    return not stamp.exists() or stamp.read_text() != _digest(wanted)


def _done(place: Path, wanted: Path) -> None:
    (place / ".installed").write_text(_digest(wanted))


def _digest(wanted: Path) -> str:
    return hashlib.sha256(wanted.read_bytes()).hexdigest()


def _run(*words: str, at: Path | None = None) -> None:
    try:
        done = subprocess.run(
            words, cwd=at, capture_output=True, text=True, timeout=LIMIT, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Missing(f"not installed within {LIMIT} s") from error
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["no reason given"]
        raise Missing(f"cannot be installed: {said[-1][:200]}")
