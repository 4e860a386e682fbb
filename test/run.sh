#!/usr/bin/env bash
# Every test: types, lint, then the suites against real servers and a real browser.
# Installs what is missing from Debian's packages when it is root, else says in one line what to install.
set -uo pipefail
cd "$(dirname "$0")/.."

declare -A package_of=(
  [influxd]=influxdb [mosquitto]=mosquitto [mosquitto_pub]=mosquitto-clients
  [victoria-metrics]=victoria-metrics [chromium]=chromium
)
missing=()
for program in "${!package_of[@]}"; do
  PATH="$PATH:/usr/sbin" command -v "$program" >/dev/null || missing+=("${package_of[$program]}")
done
[ -e /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc ] || missing+=(fonts-noto-cjk)
if [ "${#missing[@]}" -gt 0 ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "installing ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null || exit 1
  else
    echo "missing: install ${missing[*]} (Debian packages), then run npm test again" >&2
    exit 1
  fi
fi

# Commits of databases that live for one test need no disk, where memory is large enough.
if [ -z "${TMPDIR:-}" ] && [ "$(df --output=avail -m /dev/shm 2>/dev/null | tail -1)" -gt 4000 ] 2>/dev/null; then
  TMPDIR="$(mktemp -d /dev/shm/wellwatch-XXXXXX)"
  export TMPDIR
  trap 'rm -rf "$TMPDIR"' EXIT
fi

# Two at a time; what the second says comes after the first.
style_said="$(mktemp)"
{ npm run --silent check:style && npm run --silent check:house; } >"$style_said" 2>&1 &
style=$!
npm run --silent check:types
types_ended=$?
npm run --silent build -- --logLevel warn
build_ended=$?
wait "$style"
style_ended=$?
cat "$style_said"
rm -f "$style_said"
[ "$types_ended$style_ended" = 00 ] || { echo "0 passed, 1 failed (types or lint)"; exit 1; }
[ "$build_ended" = 0 ] || { echo "0 passed, 1 failed (build of the page)"; exit 1; }
vitest run --config test/vitest.config.ts --reporter=default --reporter=./test/support/count-reporter.ts "$@"
