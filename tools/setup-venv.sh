#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes .venv with exactly the locked packages (hashes checked) and this checkout in editable form.
# Works from content hashes, not file times: nothing is done when nothing changed. PYTHON chooses the interpreter,
# VENV another place than .venv.
set -euo pipefail
cd "$(dirname "$0")/.."
source tools/say.sh
unset PYTHONPATH PYTHONHOME

python=${PYTHON:-python3}
venv=${VENV:-.venv}
command -v "$python" >/dev/null || die "Python not found: $python. Set PYTHON to a Python 3.11 or newer." \
    "Python tidak ditemukan: $python. Isi PYTHON dengan Python 3.11 atau yang lebih baru."
identity=$("$python" -c 'import sys; print(sys.version, sys.base_prefix); sys.exit(sys.version_info < (3, 11))') ||
    die "$python is not Python 3.11 or newer. Set PYTHON, for example: make setup PYTHON=python3.12" \
        "$python bukan Python 3.11 atau yang lebih baru. Isi PYTHON, misalnya: make setup PYTHON=python3.12"
# With .venv activated, python3 is the very file that a new venv replaces.
python=$("$python" -c 'import sys; print(sys._base_executable)')

mkdir -p .build
exec 9>".build/${venv//\//-}.lock"
flock 9

# Moving the checkout breaks a venv's scripts, so its place belongs to the hash.
locked=$( { echo "$identity $PWD/$venv"; cat requirements-build.lock requirements.lock; } | sha256sum)
project=$( { echo "$locked"; cat pyproject.toml; } | sha256sum)
stamped() {
    [ "$(cat "$venv/.ssn-$1" 2>/dev/null)" = "$2" ]
}
stamped project "$project" && "$venv/bin/python" -c '' 2>/dev/null && exit 0

# Isolated mode (-I) keeps the caller's environment and working directory out of pip.
pip() {
    "$venv/bin/python" -I -m pip --quiet --disable-pip-version-check --no-input --retries 5 --timeout 60 "$@" ||
        die "pip failed: see above. Running make again continues." "pip gagal: lihat di atas. Jalankan make lagi."
}

if ! stamped locked "$locked" || ! "$venv/bin/python" -c '' 2>/dev/null; then
    say "Making $venv with the locked Python packages" "Menyiapkan $venv dengan paket Python yang terkunci"
    "$python" -m venv --clear "$venv" ||
        die "$python cannot make a venv. On Debian: apt-get install python3-venv" \
            "$python tidak dapat membuat venv. Di Debian: apt-get install python3-venv"
    # pyscard has no Linux wheel. Its build tools come locked as well, hence no build isolation.
    pip install --require-hashes -r requirements-build.lock
    pip install --require-hashes --no-build-isolation -r requirements.lock
    echo "$locked" >"$venv/.ssn-locked"
fi

pip install --no-deps --no-build-isolation --editable .
echo "$project" >"$venv/.ssn-project"
