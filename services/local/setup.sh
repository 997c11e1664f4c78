#!/usr/bin/env bash
# Brings .venv up to the lock file it is asked for: `setup.sh run` or `setup.sh dev`.
# Done already: returns at once. Anything missing: installed when root, else named in one line.
set -euo pipefail
exec </dev/null
cd "$(dirname "$0")/../.."

kind=${1:-run}
lock=lock/$kind.txt
venv=.venv
python=$venv/bin/python
stamp=$venv/.ready-$kind
uv_version=0.13.8

say() { printf '▸ %s\n' "$*" >&2; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }

# A link to the folder leads to the same folder.
here=$(pwd -P)

fingerprint() { { printf '%s\n' "$here"; cat "$lock" pyproject.toml services/local/{setup.sh,pom.xml}; } | sha256sum; }

up_to_date() { [ -x "$python" ] && [ "$(cat "$1" 2>/dev/null)" = "$2" ]; }

find_python() {
  local candidate
  for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
    if command -v "$candidate" >/dev/null &&
      "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$candidate"
      return
    fi
  done
  fail "Python 3.11 or newer is needed; install it: apt-get install python3 python3-venv"
}

# Debian's packages: fetched when root, else asked for.
need_package() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null ||
    fail "$1 is missing; install it and try again: sudo apt-get install -y $1"
  say "installing $1"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$1"; } >&2 ||
    fail "$1 could not be installed; try by hand: apt-get install $1"
}

make_venv() {
  local base
  base=$(find_python)
  "$base" -c 'import ensurepip, venv' 2>/dev/null || need_package python3-venv
  say "making $venv with $("$base" -V)"
  "$base" -m venv "$venv" || fail "$venv could not be made; remove it and try again: rm -rf $venv"
}

install() {
  # A tree that was moved or a Python that was replaced leaves a broken one behind.
  [ "$(cat $venv/.place 2>/dev/null || printf '%s' "$here")" = "$here" ] || rm -rf "$venv"
  "$python" -c '' 2>/dev/null || rm -rf "$venv"
  "$python" -m pip --version >/dev/null 2>&1 || make_venv
  printf '%s\n' "$here" >"$venv/.place"
  if ! "$python" -m uv --version 2>/dev/null | grep -q " $uv_version"; then
    say "fetching uv"
    "$python" -m pip install -q --disable-pip-version-check "uv==$uv_version" ||
      fail "the Python package index cannot be reached; check the network and try again"
  fi
  say "installing $lock"
  local compiled=()
  # Tests start the product a hundred times: compiled beforehand, each start is a second shorter.
  [ "$kind" = run ] || compiled=(--compile-bytecode)
  "$python" -m uv pip install --python "$python" --require-hashes "${compiled[@]}" -r "$lock" ||
    fail "$lock could not be installed; see above, then try again"
  "$python" -m uv pip install --python "$python" -q --no-deps -e . ||
    fail "the package itself could not be installed; see above, then try again"
}

fetch_kafka() {
  command -v mvn >/dev/null || compgen -G "$venv/kafka-*/*.jar" >/dev/null || need_package maven
  say "fetching Kafka"
  "$python" -m services.local.jars >&2 || fail "Kafka is not here; see above, then try again"
}

# Judges the alert rules. Unpacked, not installed: nothing of it starts by itself.
fetch_prometheus() {
  local place=$venv/prometheus
  { command -v prometheus && command -v promtool; } >/dev/null && return
  [ -x "$place/usr/bin/promtool" ] && return
  say "fetching Prometheus"
  rm -rf "$place" "$place.part"
  mkdir "$place.part"
  (
    cd "$place.part"
    get() { timeout 300 apt-get -qq "$@"; }
    { get download prometheus || { get update && get download prometheus; }; } &&
      dpkg -x prometheus_*.deb . && rm prometheus_*.deb && mv "$PWD" "${PWD%.part}"
  ) >/dev/null 2>&1 ||
    say "Prometheus is not here, and what it would test is skipped: apt-get install prometheus"
}

# Pages are walked through in it.
fetch_chromium() {
  command -v chromium >/dev/null && return
  say "installing Chromium"
  {
    [ "$(id -u)" = 0 ] && timeout 900 apt-get update -qq &&
      DEBIAN_FRONTEND=noninteractive timeout 900 apt-get install -y -qq --no-install-recommends \
        chromium fonts-noto-cjk
  } >/dev/null 2>&1 ||
    say "Chromium is not here, and tests of pages are skipped: sudo apt-get install -y chromium"
}

[ -f "$lock" ] || fail "there is no $lock; use one of: $(ls lock | tr '\n' ' ')"
wanted=$(fingerprint)
up_to_date "$stamp" "$wanted" && exit 0
[ -w . ] || fail "$here cannot be written to; copy it to a folder of your own"

mkdir -p build
exec 9>build/setup.lock
if command -v flock >/dev/null; then
  flock -w 900 9 || fail "another set-up of this folder does not end; end it and try again"
fi
up_to_date "$stamp" "$wanted" && exit 0
install
if [ "$kind" != run ]; then
  fetch_kafka
  fetch_prometheus
  fetch_chromium
fi
printf '%s\n' "$wanted" >"$stamp"
say "ready"
