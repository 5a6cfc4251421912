#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Writes requirements.lock and requirements-build.lock anew: newest versions that pyproject.toml allows, for every
# Python from 3.11 and every platform, with hashes, and without naming any package index.
# `lock.sh keep` changes only what pyproject.toml forces to change.
set -euo pipefail
cd "$(dirname "$0")/.."
source tools/say.sh

# The resolver lives in a venv of its own: it is no dependency of the project.
uv_version=0.13.9
venv=.build/lock-venv
if [ "$("$venv/bin/uv" --version 2>/dev/null | cut -d' ' -f2)" != "$uv_version" ]; then
    "${PYTHON:-python3}" -m venv --clear "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check "uv==$uv_version"
fi

upgrade=(--upgrade)
[ "${1:-}" = keep ] && upgrade=()

compile() {
    "$venv/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
        --no-emit-index-url --no-emit-find-links "${upgrade[@]}" "$@"
}
compile pyproject.toml --all-extras --output-file requirements.lock
compile tools/build-requirements.in --constraint requirements.lock --output-file requirements-build.lock
sed -i '1i # Made by `make lock`; do not edit.' requirements.lock requirements-build.lock

if grep -n -i -e '://' -e 'index-url' -e 'find-links' requirements-build.lock requirements.lock; then
    die "A lock file names a package index (above)." "Berkas kunci menyebut indeks paket (di atas)."
fi
say "Locked: $(grep -c == requirements.lock) packages, $(grep -c == requirements-build.lock) build tools" \
    "Terkunci: $(grep -c == requirements.lock) paket, $(grep -c == requirements-build.lock) alat bangun"
