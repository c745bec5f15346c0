import { isIsoDate, type IsoDate } from "@/components/calendar";

/** A date written as German has it without its year, `3.4.`, which chrono does not know: the next such day. */
export function findShortDate(text: string, today: IsoDate): { start: number; end: number; date: IsoDate } | undefined {
  const match = /(?<![\p{L}\p{N}.])(\d{1,2})\.\s?(\d{1,2})\.(?![\d\p{L}])/u.exec(text);
  if (!match) return undefined;
  const year = Number(today.slice(0, 4));
  const monthAndDay = `${match[2]?.padStart(2, "0") ?? ""}-${match[1]?.padStart(2, "0") ?? ""}`;
  // Four years on there is a 29th of February.
  for (let next = year; next <= year + 4; next += 1) {
    const date = `${next}-${monthAndDay}`;
    if (isIsoDate(date) && date >= today) return { start: match.index, end: match.index + match[0].length, date };
  }
  return undefined;
}
