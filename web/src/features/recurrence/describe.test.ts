import { createTranslator } from "next-intl";
import { describe, expect, test } from "vitest";

import ar from "@messages/ar/recurrence.json";
import de from "@messages/de/recurrence.json";
import en from "@messages/en/recurrence.json";

import { describeRecurrence, type DescribedRecurrence, type RecurrenceWords } from "./describe";

const messages = { en, de, ar };

function words(language: keyof typeof messages, recurrence: DescribedRecurrence): string {
  const t = createTranslator({
    locale: language,
    messages: { recurrence: messages[language] },
    namespace: "recurrence",
  });
  return describeRecurrence(recurrence, language === "en" ? "en-GB" : language, t as unknown as RecurrenceWords);
}

describe("in English", () => {
  test.each([
    ["daily", "Every day"],
    ["FREQ=DAILY;INTERVAL=3", "Every 3 days"],
    ["weekly", "Every week"],
    ["FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "Every weekday"],
    ["FREQ=WEEKLY;BYDAY=SA,SU", "Every weekend day"],
    ["FREQ=WEEKLY;BYDAY=MO,FR", "Every Monday and Friday"],
    ["FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "Every 2 weeks on Tuesday"],
    ["FREQ=MONTHLY;BYMONTHDAY=1,15", "Every month on the 1st and the 15th"],
    ["FREQ=MONTHLY;BYMONTHDAY=-1", "Every month on the last day"],
    ["FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=28,29,30;BYSETPOS=-1", "Every 2 months on the 30th or the last day"],
    ["FREQ=MONTHLY;BYDAY=2TU,-1FR", "Every month on the second Tuesday and the last Friday"],
    ["FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "Every month on the last weekday"],
    ["FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=1", "Every year on 1 March"],
    ["FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "Every year on the last Sunday in March"],
    ["FREQ=DAILY;COUNT=5", "Every day, 5 times"],
    ["FREQ=DAILY;UNTIL=20271231", "Every day, until 31 Dec 2027"],
    ["FREQ=NEVER", "Repeats by a rule of its own"],
  ])("%s: %s", (rule, expected) => {
    expect(words("en", { rule })).toBe(expected);
  });
});

test("a due, an end and a mode are told", () => {
  expect(words("en", { rule: "monthly", due: "2027-03-31" })).toBe("Every month on the 31st");
  expect(words("en", { rule: "yearly", due: "2027-03-31" })).toBe("Every year on 31 March");
  expect(words("en", { rule: "weekly", due: "2027-03-09", mode: "from_completion", endDate: "2027-12-31" })).toBe(
    "Every Tuesday, until 31 Dec 2027, counted from when it is done",
  );
});

test("in German and Arabic", () => {
  const rule = "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU";
  expect(words("de", { rule })).toBe("Alle 2 Wochen am Dienstag");
  expect(words("ar", { rule })).toBe("كل أسبوعين في الثلاثاء");
  expect(words("de", { rule: "FREQ=MONTHLY;BYDAY=-1FR" })).toBe("Jeden Monat am letzten Freitag");
  expect(words("ar", { rule: "FREQ=MONTHLY;BYDAY=-1FR" })).toBe("كل شهر في يوم الجمعة الأخير");
  expect(words("de", { rule: "FREQ=MONTHLY;BYMONTHDAY=1,-1" })).toBe("Jeden Monat am 1. und letzten Tag");
});
