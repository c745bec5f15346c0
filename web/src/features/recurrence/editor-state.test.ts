import { expect, test } from "vitest";

import { ANY_WORKDAY, editorStateOf, FIRST_STATE, nthWeekdayOf, recurrenceOf, type EditorState } from "./editor-state";

const DUE = "2027-03-09"; // a Tuesday

const cases: [Partial<EditorState>, string][] = [
  [{ frequency: "daily" }, "daily"],
  [{ frequency: "daily", interval: 3 }, "FREQ=DAILY;INTERVAL=3"],
  [{ frequency: "weekly" }, "weekly"],
  [{ frequency: "weekly", weekdays: [2] }, "weekly"],
  [{ frequency: "weekly", weekdays: [1, 5], interval: 2 }, "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR"],
  [{ frequency: "monthly" }, "monthly"],
  [{ frequency: "monthly", interval: 2 }, "FREQ=MONTHLY;INTERVAL=2"],
  [{ frequency: "monthly", pattern: { kind: "days", days: [1, -1] } }, "FREQ=MONTHLY;BYMONTHDAY=1,-1"],
  [{ frequency: "monthly", pattern: { kind: "nth", ordinal: 2, weekday: 2 } }, "FREQ=MONTHLY;BYDAY=2TU"],
  [
    { frequency: "monthly", pattern: { kind: "nth", ordinal: -1, weekday: ANY_WORKDAY } },
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
  ],
  [{ frequency: "yearly" }, "yearly"],
  [
    { frequency: "yearly", months: [3], pattern: { kind: "nth", ordinal: -1, weekday: 7 } },
    "FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
  ],
  [{ frequency: "daily", end: { kind: "count", count: 5 } }, "FREQ=DAILY;COUNT=5"],
];

test.each(cases)("%j is %s, and the other way round", (partial, rule) => {
  const state = { ...FIRST_STATE, ...partial };
  const recurrence = recurrenceOf(state, DUE);
  expect(recurrence).toEqual({ rule, endDate: null });
  const back = editorStateOf(recurrence);
  expect(back && recurrenceOf(back, DUE)).toEqual(recurrence);
});

test("a day that short months lack is their last one, whatever the interval", () => {
  const state: EditorState = { ...FIRST_STATE, frequency: "monthly", interval: 2 };
  expect(recurrenceOf(state, "2027-01-30").rule).toBe("FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=28,29,30;BYSETPOS=-1");
  expect(editorStateOf(recurrenceOf(state, "2027-01-31"))).toEqual(state);
  expect(recurrenceOf({ ...state, interval: 1 }, "2027-01-31").rule).toBe("monthly");
  expect(recurrenceOf({ ...FIRST_STATE, frequency: "yearly", interval: 3 }, "2028-02-29").rule).toBe(
    "FREQ=YEARLY;INTERVAL=3;BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1",
  );
});

test("a last date is the task's, and that of a rule is shown", () => {
  const state: EditorState = { ...FIRST_STATE, end: { kind: "date", date: "2027-12-31" } };
  expect(recurrenceOf(state, DUE)).toEqual({ rule: "weekly", endDate: "2027-12-31" });
  expect(editorStateOf({ rule: "FREQ=WEEKLY;UNTIL=20271231", endDate: null })).toEqual(state);
});

test.each([
  "FREQ=DAILY;BYMONTH=1",
  "FREQ=MONTHLY;BYDAY=1MO,3MO",
  "FREQ=YEARLY;BYDAY=20MO",
  "FREQ=WEEKLY;UNTIL=20271231T120000Z",
  "FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR",
])("%s is more than the editor knows", (rule) => {
  expect(editorStateOf({ rule, endDate: null })).toBeUndefined();
});

test("the nth weekday of a date is counted from the end where it is the last", () => {
  expect(nthWeekdayOf("2027-03-09")).toEqual({ ordinal: 2, weekday: 2 });
  expect(nthWeekdayOf("2027-03-30")).toEqual({ ordinal: -1, weekday: 2 });
});
