# SPDX-License-Identifier: Apache-2.0
"""Check that no file names the host of a package registry.

Where packages come from is the machine's affair (pip, Maven and apt settings), so that the project builds behind a
mirror, and a lock file cannot point elsewhere. The names below are kept in parts: this file is checked as well.
"""

import re

from tracked import ROOT, project_files, report

REGISTRIES = (
    ("pypi", "org"),
    ("pythonhosted", "org"),
    ("repo", "maven", "apache", "org"),
    ("repo1", "maven", "org"),
    ("central", "sonatype", "com"),
    ("oss", "sonatype", "org"),
    ("search", "maven", "org"),
    ("jitpack", "io"),
    ("plugins", "gradle", "org"),
    ("registry", "npmjs", "org"),
    ("registry", "yarnpkg", "com"),
    ("crates", "io"),
    ("rubygems", "org"),
    ("proxy", "golang", "org"),
    ("conda", "anaconda", "org"),
    ("deb", "debian", "org"),
    ("snapshot", "debian", "org"),
    ("archive", "ubuntu", "com"),
    ("docker", "io"),
    ("ghcr", "io"),
    ("quay", "io"),
)
PATTERN = re.compile(
    r"(?<![A-Za-z0-9-])(?:" + "|".join(re.escape(".".join(parts)) for parts in REGISTRIES) + r")(?![A-Za-z0-9-])",
    re.IGNORECASE,
)


def main() -> None:
    problems = []
    for path in project_files():
        text = (ROOT / path).read_bytes().decode("utf-8", errors="replace")
        problems += [
            f"{path}:{number}: names {found.group()}"
            for number, line in enumerate(text.splitlines(), start=1)
            for found in PATTERN.finditer(line)
        ]
    report(problems, "Package registries are not named in files / Nama registri paket tidak ditulis dalam berkas")


if __name__ == "__main__":
    main()
