#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# `make matrix`: the quick tests that need neither simulator nor reader, on every Python version that pyproject.toml claims
# and this machine has beside the one of .venv. A version that is not here is said, and is no failure.
set -euo pipefail
cd "$(dirname "$0")/.."
source tools/say.sh

claimed=$(sed -n 's/.*"Programming Language :: Python :: \(3\.[0-9]*\)".*/\1/p' pyproject.toml)
[ -n "$claimed" ] || die "pyproject.toml claims no Python version." "pyproject.toml tidak menyebut versi Python."
own=$(.venv/bin/python -c 'import sys; print("%d.%d" % sys.version_info[:2])')

# An interpreter of that version: on the path, or one that pyenv keeps without putting it there.
interpreter() {
    local candidate
    for candidate in "python$1" "${PYENV_ROOT:-$HOME/.pyenv}"/versions/"$1".*/bin/python; do
        "$candidate" -c '' 2>/dev/null && echo "$candidate" && return
    done
    return 1
}

for version in $claimed; do
    if [ "$version" = "$own" ]; then
        say "Python $version: make test is on it" "Python $version: dipakai oleh make test"
    elif python=$(interpreter "$version"); then
        venv=.build/venv-$version
        PYTHON=$python VENV=$venv tools/setup-venv.sh
        say "Tests on Python $version" "Uji pada Python $version"
        "$venv/bin/python" -m pytest -n "${WORKERS:-2}" -q -m "not sim and not pcsc and not slow" "$@"
    else
        say "Python $version is not on this machine" "Python $version tidak ada di mesin ini"
    fi
done
