# SPDX-License-Identifier: Apache-2.0
"""Check that every Python and Java file begins with the SPDX line of the licence (after a #! line, if any)."""

from tracked import ROOT, project_files, report

TAG = "SPDX-License-Identifier: Apache-2.0"
HEADERS = {".py": f"# {TAG}", ".pyi": f"# {TAG}", ".java": f"// {TAG}"}


def has_header(text: str, header: str) -> bool:
    lines = text.splitlines()
    if lines and lines[0].startswith("#!"):
        del lines[0]
    return bool(lines) and lines[0].rstrip() == header


def main() -> None:
    problems = [
        f"{path}:1: must begin with: {HEADERS[path.suffix]}"
        for path in project_files()
        if path.suffix in HEADERS and not has_header((ROOT / path).read_text("utf-8"), HEADERS[path.suffix])
    ]
    report(problems, "SPDX header missing / Baris SPDX belum ada")


if __name__ == "__main__":
    main()
