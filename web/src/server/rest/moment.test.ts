import { describe, expect, it } from "vitest";

import { dateText, momentText, parseDate, parseMoment } from "@/server/rest/moment";

const read = (text: string) => {
  const moment = parseMoment(text);
  return moment && momentText(moment);
};

describe("a moment", () => {
  it.each([
    ["2030-12-31", "2030-12-31T00:00:00Z"],
    ["2030-12-31T09:30", "2030-12-31T09:30:00Z"],
    ["2030-12-31T09:30:15", "2030-12-31T09:30:15Z"],
    ["2030-12-31 09:30:15", "2030-12-31T09:30:15Z"],
    ["2030-12-31T09:30:15Z", "2030-12-31T09:30:15Z"],
    ["2030-12-31t09:30:15z", "2030-12-31T09:30:15Z"],
    ["2030-12-31T09:30:15.5Z", "2030-12-31T09:30:15.500000Z"],
    ["2030-12-31T09:30:15.000Z", "2030-12-31T09:30:15Z"],
    ["2030-12-31T09:30:15.123456789Z", "2030-12-31T09:30:15.123456Z"],
    ["2030-12-31T23:30:00-05:00", "2031-01-01T04:30:00Z"],
    ["2030-12-31T09:30:00+0530", "2030-12-31T04:00:00Z"],
    ["2028-02-29", "2028-02-29T00:00:00Z"],
    ["1969-12-31T23:59:59.25Z", "1969-12-31T23:59:59.250000Z"],
  ])("reads %s", (text, moment) => {
    expect(read(text)).toBe(moment);
  });

  it.each([
    "",
    "tomorrow",
    "2030-13-01",
    "2030-02-29",
    "2030-12-31T24:00",
    "2030-12-31T09:60",
    "2030-12-31T09:00:60",
    "2030-12-31Z",
    "12/31/2030",
    "2030-12-31T09:00+24:00",
  ])("does not read %j", (text) => {
    expect(read(text)).toBeUndefined();
  });
});

describe("a date", () => {
  it("is the day on which a moment falls in UTC", () => {
    const texts = ["2030-12-31", "2030-12-31T23:59:59Z", "2030-12-31T23:30:00-05:00"];
    const dates = texts.map(parseDate).map((date) => date && dateText(date));
    expect(dates).toEqual(["2030-12-31T00:00:00Z", "2030-12-31T00:00:00Z", "2031-01-01T00:00:00Z"]);
    expect(parseDate("someday")).toBeUndefined();
  });
});
