"""A case: what it asks, and the answer."""

import itertools
from datetime import datetime
from zoneinfo import ZoneInfo

from .expansion import due_of, local_times, occurrences, why_over


def written(due):
    if due is None or isinstance(due, str):
        return due
    if isinstance(due, datetime):
        return due.strftime("%Y-%m-%dT%H:%MZ" if due.second == 0 else "%Y-%m-%dT%H:%M:%SZ")
    return due.isoformat()


def written_anchor(anchor, zone):
    return anchor.strftime("%Y-%m-%dT%H:%M") if zone else anchor.date().isoformat()


def heading(topic, rule, anchor, zone, end):
    case = {"topic": topic, "rule": rule}
    if zone:
        case["zone"] = zone
    case["anchor"] = written_anchor(anchor, zone)
    if end:
        case["end"] = end
    return case


def listing(topic, rule, anchor, zone, length, start=0, end=None):
    case = heading(topic, rule, anchor, zone, end)
    if start:
        case["from"] = start
    case["due"] = []
    # One more than is listed, which tells an end from a cut.
    for index, due in itertools.islice(occurrences(rule, anchor, zone, end, start), length + 1):
        if index is None:
            case["ended"] = due
        elif len(case["due"]) < length:
            case["due"].append(written(due))
    assert case["due"], case
    return case


def following(topic, rule, anchor, zone, mode, index, completed, person="UTC", end=None):
    """What follows occurrence `index` of the series when it is completed at `completed`."""
    case = heading(topic, rule, anchor, zone, end)
    scheduled = next(itertools.islice(occurrences(rule, anchor, zone, end), index, None))[1]
    assert scheduled is not None and not isinstance(scheduled, str), case
    case |= {"mode": mode, "index": index, "scheduled": written(scheduled)}
    case["completed"] = written(completed)
    if not zone:
        case["person"] = person
    completed_due = completed if zone else completed.astimezone(ZoneInfo(person)).date()
    if mode == "from_completion":
        local_date = completed.astimezone(ZoneInfo(zone or person)).date()
        restart = datetime.combine(local_date, anchor.time())
        candidates = ((index + 1, due_of(local, zone)) for local in itertools.islice(
            local_times(rule, restart), 1, None))
        after = completed_due
    else:
        candidates = occurrences(rule, anchor, zone)
        after = max(scheduled, completed_due) if mode == "skip_missed" else scheduled
    for number, due in candidates:
        if number is None:
            case["ended"] = due
            return case
        if due is None or due <= after:
            # Those that are jumped over count, and may be the last.
            if number > index and why_over(rule, zone, end, number, due or after):
                break
            continue
        reason = why_over(rule, zone, end, number, due)
        if reason:
            break
        case["next"] = [number, written(due)]
        return case
    else:
        case["ended"] = "never_again"
        return case
    case["ended"] = why_over(rule, zone, end, number, due or after)
    return case
