import { expect, test } from "vitest";

import { firstDate } from "./first-date";
import { parseRule, ruleText } from "./rule";

test.each([
  "daily",
  "monthly",
  "FREQ=DAILY;INTERVAL=3",
  "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR",
  "FREQ=MONTHLY;BYMONTHDAY=1,15,-1",
  "FREQ=MONTHLY;BYDAY=2TU;COUNT=4",
  "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
  "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;UNTIL=20401231",
  "FREQ=WEEKLY;BYDAY=SU;UNTIL=20401231T225959Z;WKST=SU",
])("%s is read and written as it was", (text) => {
  const rule = parseRule(text);
  expect(rule && ruleText(rule)).toBe(text);
});

test("a rule is read in any case and with its prefix", () => {
  expect(parseRule("rrule:freq=weekly;byday=mo")).toEqual(parseRule("FREQ=WEEKLY;BYDAY=MO"));
  expect(parseRule(" Weekly ")?.word).toBe(true);
});

test.each(["", "hourly", "FREQ=HOURLY", "FREQ=DAILY;BYHOUR=9", "FREQ=WEEKLY;BYDAY=XX", "FREQ=DAILY;INTERVAL=0"])(
  "%j is no rule",
  (text) => {
    expect(parseRule(text)).toBeUndefined();
  },
);

test.each([
  ["daily", "2027-02-28", "2027-02-28"],
  ["FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "2027-02-27", "2027-03-01"],
  ["FREQ=MONTHLY;BYMONTHDAY=1", "2027-02-02", "2027-03-01"],
  ["FREQ=MONTHLY;BYMONTHDAY=-1", "2028-02-02", "2028-02-29"],
  ["FREQ=MONTHLY;BYMONTHDAY=31", "2027-04-01", "2027-05-31"],
  ["FREQ=MONTHLY;BYDAY=2TU", "2027-02-10", "2027-03-09"],
  ["FREQ=MONTHLY;BYDAY=-1FR", "2027-02-10", "2027-02-26"],
  ["FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "2027-01-30", "2027-02-26"],
  ["FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1", "2027-05-02", "2027-05-03"],
  ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2027-03-01", "2028-02-29"],
])("the first date of %s from %s is %s", (text, from, expected) => {
  const rule = parseRule(text);
  expect(rule && firstDate(rule, from)).toBe(expected);
});

test("a date that no year has is looked for no longer than nine years", () => {
  const rule = parseRule("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30");
  expect(rule && firstDate(rule, "2027-01-01")).toBeUndefined();
});
