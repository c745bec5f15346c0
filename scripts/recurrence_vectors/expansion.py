"""The occurrences of a rule, as python-dateutil and zoneinfo find them."""

import functools
import itertools
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from dateutil.rrule import rruleset, rrulestr

WORDS = {"daily": "days", "weekly": "weeks", "monthly": "months", "yearly": "years"}
WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]


def parts_of(rule):
    return dict(part.split("=") for part in rule.split(";"))


def text_of(parts):
    return ";".join(f"{name}={value}" for name, value in parts.items())


def local_times(rule, anchor):
    """The naive local times of `rule` from `anchor` on, without COUNT and UNTIL."""
    if rule in WORDS:
        for step in itertools.count():
            try:
                yield anchor + relativedelta(**{WORDS[rule]: step})
            except (OverflowError, ValueError):
                return
    parts = {k: v for k, v in parts_of(rule).items() if k not in ("COUNT", "UNTIL")}
    start = anchor
    if parts["FREQ"] == "WEEKLY" and "BYSETPOS" in parts:
        # dateutil takes the positions of the first week from DTSTART on; RFC 5545 takes them from
        # the whole week. Start where the week does.
        assert "BYDAY" in parts
        start -= timedelta((anchor.weekday() - WEEKDAYS.index(parts.get("WKST", "MO"))) % 7)
    days = parts.get("BYDAY", "").split(",")
    plain = [day for day in days if len(day) == 2]
    numbered = [day for day in days if len(day) > 2]
    if plain and numbered:
        # dateutil intersects the two kinds; RFC 5545 unites them.
        assert "BYSETPOS" not in parts
        expansion = rruleset()
        for kind in (plain, numbered):
            text = text_of({**parts, "BYDAY": ",".join(kind)})
            expansion.rrule(rrulestr(text, dtstart=start))
    else:
        expansion = rrulestr(text_of(parts), dtstart=start)
    yield anchor
    for local in expansion:
        if local > anchor:
            yield local


@functools.cache
def instant(local, zone):
    """The instant of a naive local time: later out of a gap, the first of an ambiguous one.

    Found from what the zone's clock shows at the instants that come into question: going from local
    time to UTC by `fold`, zoneinfo errs where a zone changes its rules without a change of offset
    (America/Nuuk, 2023-10-28T23:30).
    """
    clock = ZoneInfo(zone)
    shown = lambda utc: utc.astimezone(clock).replace(tzinfo=None)
    as_utc = local.replace(tzinfo=timezone.utc)
    around = (as_utc + timedelta(hours=hours) for hours in (-36, 36))
    offsets = {near.astimezone(clock).utcoffset() for near in around}
    candidates = sorted(as_utc - offset for offset in offsets)
    for utc in candidates:
        if shown(utc) == local:
            return utc
    # In a gap the offset before it leads to an instant after it.
    (later,) = (utc for utc in candidates if shown(utc) > local)
    return later


def due_of(local, zone):
    return instant(local, zone) if zone else local.date()


def admits(bound, due, zone):
    """Whether `due` is not past an UNTIL or end date, given as text in RFC 5545's basic form."""
    if len(bound) == 8:
        last = datetime.strptime(bound, "%Y%m%d").date()
        return (due.astimezone(ZoneInfo(zone)).date() if zone else due) <= last
    last = datetime.strptime(bound.rstrip("Z"), "%Y%m%dT%H%M%S")
    if not zone:
        return due <= last.date()
    return due <= (last.replace(tzinfo=timezone.utc) if bound.endswith("Z") else instant(last, zone))


def why_over(rule, zone, end, index, due):
    parts = {} if rule in WORDS else parts_of(rule)
    if index == 0:
        return None
    if "COUNT" in parts and index >= int(parts["COUNT"]):
        return "count"
    if "UNTIL" in parts and not admits(parts["UNTIL"], due, zone):
        return "until"
    if end and not admits(end, due, zone):
        return "end_date"
    return None


def occurrences(rule, anchor, zone, end=None, start=0):
    """Yields (index, due) and last (None, reason); `None` for a due that is that of the one before."""
    before = None
    for index, local in itertools.islice(enumerate(local_times(rule, anchor)), start, None):
        try:
            due = due_of(local, zone)
        except OverflowError:
            break
        reason = why_over(rule, zone, end, index, due)
        if reason:
            yield None, reason
            return
        yield index, (None if due == before else due)
        before = due
    yield None, "never_again"
