#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the applet and the simulator jar: `build-java.sh package` (no tests) or `build-java.sh test` (with tests).
# Nothing is done when no source changed since it last succeeded. Maven goes online only for what it has not got.
set -euo pipefail
cd "$(dirname "$0")/.."
source tools/say.sh

goal=${1:?package or test}
jar=simulator/target/ssn-card-simulator.jar

command -v mvn >/dev/null && command -v javac >/dev/null ||
    die "mvn and javac are needed: see tools/apt-packages.txt" "mvn dan javac diperlukan: lihat tools/apt-packages.txt"

mkdir -p .build
exec 9>.build/java.lock
flock 9

# Everything but Python may matter to a Java test, the published vectors under protocol/ included.
hash=$(find pom.xml applet simulator protocol -type d \( -name target -o -name __pycache__ \) -prune \
    -o -type f ! -name '*.py' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum)
stamp=simulator/target/.ssn-$goal
[ -f "$jar" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$hash" ] && exit 0

arguments=(-B -ntp -Dstyle.color=never package)
if [ "$goal" = test ]; then
    say "Building and testing the Java parts" "Membangun dan menguji bagian Java"
else
    arguments+=(-Dmaven.test.skip=true)
    say "Building the Java parts" "Membangun bagian Java"
fi

# javac copies constants into the classes that use them, across modules too: stale classes must go.
rm -rf {applet,simulator}/target/{classes,test-classes,maven-status} simulator/target/.ssn-*

log=.build/mvn.log
build() {
    mvn "$@" "${arguments[@]}" </dev/null >"$log" 2>&1
}
built=yes
if ! build -o; then
    built=no
    if grep -q 'offline mode' "$log"; then
        say "Fetching Maven artefacts that are not here yet" "Mengunduh artefak Maven yang belum ada"
        build && built=yes
    fi
fi
if [ "$built" = no ]; then
    grep -E '^\[(ERROR|WARNING)\]|^Caused by' "$log" >&2 || cat "$log" >&2
    die "The Java build failed: see above and $log." "Pembangunan Java gagal: lihat di atas dan $log."
fi
[ -f "$jar" ] || die "Maven succeeded but left no $jar." "Maven berhasil tetapi $jar tidak ada."

echo "$hash" >simulator/target/.ssn-package
if [ "$goal" = test ]; then
    echo "$hash" >"$stamp"
    # One line a module, as surefire sums it up.
    sed -n 's/^\[[A-Z]*\] \(Tests run: [^-]*\)$/   Java: \1/p' "$log"
fi
