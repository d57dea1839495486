"""In the place of `cleanrooms-resource comment`, with the options that the actions pass, until the verb has them."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

KINDS = {"", "replace", "may-replace", "delete", "remove-member", "create", "adopt", "take-over", "update"}
SEVERITIES = {"replace": 4, "delete": 4, "update": 1, "create": 1}


def write(*lines: str) -> None:
    sys.stdout.write("\n".join(lines) + "\n")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs="*")
    for option in ("--project", "--stack"):
        parser.add_argument(option, action="append", default=[])
    for option in ("--link", "--commit", "--fail-on", "--applied"):
        parser.add_argument(option, default="")
    arguments = parser.parse_args()
    if arguments.applied:
        events = [json.loads(line) for line in Path(arguments.applied).read_text().splitlines()]
        write(
            "<!-- cleanrooms-resource:tests/test severity=4 -->\n",
            *(event["resOutputsEvent"]["metadata"]["op"] for event in events if "resOutputsEvent" in event),
        )
        return 0 if any("summaryEvent" in event for event in events) else 4
    severity, has_errors, lines, operations = 0, False, [], set()
    for number, file in enumerate(arguments.files):
        try:
            document = json.loads(Path(file).read_text())
        except ValueError:
            return 2
        if not document.keys() & {"steps", "diagnostics", "changeSummary"}:
            return 2
        ops = {step["op"] for step in document.get("steps", []) if "cleanrooms" in step["urn"]} & SEVERITIES.keys()
        operations |= ops
        has_errors |= any(each["severity"] == "error" for each in document.get("diagnostics", []))
        severity = max([severity, *(SEVERITIES[op] for op in ops)])
        stack = arguments.stack[number] if arguments.stack else ""
        lines.append(f"### {stack}: {', '.join(sorted(ops)) or 'nothing changes'}")
    write(f"<!-- cleanrooms-resource:tests/test severity={severity} -->", "", *lines, arguments.commit, arguments.link)
    if has_errors:
        return 4
    kinds = set(arguments.fail_on.split(","))
    if kinds - KINDS:
        return 2
    return 3 if operations & (kinds | ({"replace"} if "may-replace" in kinds else set())) else 0


if __name__ == "__main__":
    sys.exit(main())
