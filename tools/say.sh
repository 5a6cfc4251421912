# SPDX-License-Identifier: Apache-2.0
# Bilingual messages for the set-up scripts; sourced, not run. First argument English, second Indonesian.

say() {
    printf '== %s\n   %s\n' "$1" "$2" >&2
}

die() {
    printf '\nERROR: %s\nGALAT: %s\n' "$1" "$2" >&2
    exit 1
}
