"""The cases of each topic."""

import calendar
import itertools
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from .case import following, listing
from .expansion import WEEKDAYS, WORDS, occurrences, parts_of, text_of, why_over
from .samples import ANCHORS, PAST, RULES, SILENT, YEARS, ZONES


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
