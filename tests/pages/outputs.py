"""Compare the output on a page with the output of its commands."""

from __future__ import annotations

import re

_VALUES = (
    (re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"), "ID-OF-A-COLLABORATION"),
    (
        re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z| UTC|[+-]\d\d:\d\d)?"),
        "TIME",
    ),
    (re.compile(r"http://127\.0\.0\.1:\d+"), "ADDRESS"),
)
"""The texts that differ from run to run, and the text that stands for each."""


def is_printed(block: str, transcript: str) -> bool:
    """Whether a block is a part of a transcript. Line breaks are no difference, and `...` stands for any text."""
    parts = [re.escape(_normalize(part)) for part in block.split("...")]
    return re.search(r".*?".join(parts), _normalize(transcript)) is not None


def _normalize(text: str) -> str:
    for pattern, name in _VALUES:
        text = pattern.sub(name, text)
    return " ".join(text.split())
