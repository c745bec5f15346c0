import { expect, test } from "vitest";

import { word } from "./parse/phrases";
import type { ParsedLine } from "./parse/types";
import { draftOf } from "./draft-of";

const NOTHING: ParsedLine = {
  title: "call mum",
  due: null,
  recurrence: null,
  priority: null,
  category: null,
  tags: [],
  reminders: [],
  pieces: [],
};

test("a line with nothing but a title leaves all else to the server", () => {
  expect(draftOf(NOTHING, "Europe/Berlin", null)).toEqual({ title: "call mum", tags: [] });
});

test("the day of the view is the due if the line has none", () => {
  const due = { when: { case: "date", value: { year: 2027, month: 3, day: 9 } }, timeZone: "Europe/Berlin" };
  expect(draftOf(NOTHING, "Europe/Berlin", "2027-03-09").due).toEqual(due);
});

test("a wall time is a moment of the person's zone", () => {
  const line = { ...NOTHING, due: { date: "2027-03-28", time: "09:00" } };
  expect(draftOf(line, "Europe/Berlin", null).due?.when).toMatchObject({
    value: { seconds: BigInt(Date.parse("2027-03-28T07:00:00Z") / 1000) },
  });
});

test("a rule and reminders are as the API has them", () => {
  const draft = draftOf(
    {
      ...NOTHING,
      due: { date: "2027-03-28", time: null },
      recurrence: { rule: word("weekly"), mode: "from_completion", endDate: "2027-12-31" },
      reminders: [{ kind: "before", seconds: 3600 }],
    },
    "UTC",
    null,
  );
  expect(draft).toMatchObject({
    recurringRule: "weekly",
    recurrenceMode: 3,
    recurringEndDate: { year: 2027, month: 12, day: 31 },
    reminders: [{ when: { case: "beforeDue", value: { seconds: 3600n } } }],
  });
});
