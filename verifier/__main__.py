"""The command: check an export, tell what was found; no network, no clock, nothing written.

Exit status: 0 nothing was found, 1 something was, 2 the arguments or the file cannot be read.
"""

import argparse
import json
import sys
from pathlib import Path

from verifier.report import Report
from verifier.verify import verify


def main(arguments: list[str] | None = None) -> int:
    """Check a file and return the exit status."""
    parser = argparse.ArgumentParser(prog="verifier", description="Check an exported record.")
    parser.add_argument("file", type=Path, help="the export")
    parser.add_argument("--json", action="store_true", help="tell the outcome as JSON")
    given = parser.parse_args(arguments)
    try:
        with given.file.open("rb") as file:
            report = verify(file)
    except OSError as error:
        sys.stderr.write(f"{given.file}: {error.strerror}\n")
        return 2
    told = json.dumps(report.told(), ensure_ascii=False) if given.json else _text(report)
    sys.stdout.write(told + "\n")
    return 0 if report.holds else 1


def _text(report: Report) -> str:
    lines = []
    for finding in report.findings:
        where = "" if finding.entry is None else f" entry {finding.entry}"
        lines.append(f"FOUND {finding.check}{where}: {finding.found}; must be {finding.expected}")
    for one in report.unchecked:
        where = "" if one.entry is None else f" entry {one.entry}"
        lines.append(f"NOT CHECKED {one.check}{where}: {one.because}")
    lines += [f"NOTE entry {note.entry}: {note.said}" for note in report.notes]
    made = sum(report.passed.values())
    found, left = len(report.findings), len(report.unchecked)
    lines.append(f"{made} checks hold, {found} findings, {left} not checked.")
    lines.append("The record holds." if report.holds else "The record does not hold.")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
