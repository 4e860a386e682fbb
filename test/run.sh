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

npm run --silent check || { echo "0 passed, 1 failed (types or lint)"; exit 1; }
npm run --silent build -- --logLevel warn || { echo "0 passed, 1 failed (build of the page)"; exit 1; }
vitest run --config test/vitest.config.ts --reporter=default --reporter=./test/support/count-reporter.ts "$@"
