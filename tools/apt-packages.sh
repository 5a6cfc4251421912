#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs the Debian packages of tools/apt-packages.txt that are missing, as root or through `sudo -n`.
# Quick and silent when all are there. SKIP_APT=1 leaves the system alone. Log: .build/apt.log
set -euo pipefail
cd "$(dirname "$0")/.."
source tools/say.sh

[ "${SKIP_APT:-}" = 1 ] && exit 0

mapfile -t wanted < <(grep -v -e '^#' -e '^$' tools/apt-packages.txt)

if ! command -v dpkg-query >/dev/null; then
    say "This is not a Debian system; these packages must be there under their local names: ${wanted[*]}" \
        "Ini bukan sistem Debian; paket berikut harus tersedia dengan nama setempat: ${wanted[*]}"
    exit 0
fi

# A virtual or replaced package counts too, hence Provides beside Package.
installed=$(dpkg-query -W -f '${db:Status-Status} ${Package} ${Provides}\n' |
    sed -n 's/^installed //p' | tr -d ',' | tr ' ' '\n')
missing=()
for package in "${wanted[@]}"; do
    grep -qxF -- "$package" <<<"$installed" || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

root=()
if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        root=(sudo -n)
    else
        command="apt-get update && apt-get install --no-install-recommends -y ${missing[*]}"
        die "Debian packages are missing. Run this as root, then try again:
    $command" \
            "Paket Debian belum lengkap. Jalankan perintah di atas sebagai root, lalu ulangi."
    fi
fi

mkdir -p .build
log=.build/apt.log
: >"$log"
as_root() {
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive LC_ALL=C "$@" </dev/null >>"$log" 2>&1
}
install() {
    as_root apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 "${missing[@]}"
}

say "Installing Debian packages: ${missing[*]} (log: $log)" \
    "Memasang paket Debian: ${missing[*]} (catatan: $log)"
# Package lists that are absent or out of date make the first try fail; only then are they fetched.
if ! install; then
    as_root apt-get update -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 || true
    if ! install; then
        tail -n 20 "$log" >&2
        die "apt-get could not install: ${missing[*]}. The reason is above and in $log." \
            "apt-get gagal memasang: ${missing[*]}. Sebabnya ada di atas dan di $log."
    fi
fi
