/**
 * The time, as `HH:MM`, that a text means: `9`, `9:30`, `0930`, `9.30`, `9h`, `9 pm`, in Latin or Arabic digits.
 * Nothing if it means none.
 */
export function parseTime(text: string): string | undefined {
  const plain = latinDigits(text).trim().toLowerCase().replace(/\s+/g, "");
  const found = /^(\d{1,2})(?:[:.h]?(\d{2}))?h?(a|p|am|pm|a\.m\.|p\.m\.|ص|م)?(?:uhr)?$/.exec(plain);
  if (!found) return undefined;
  const half = found[3];
  let hour = Number(found[1]);
  const minute = Number(found[2] ?? 0);
  if (half) {
    if (hour < 1 || hour > 12) return undefined;
    const afternoon = half.startsWith("p") || half === "م";
    hour = (hour % 12) + (afternoon ? 12 : 0);
  }
  return hour > 23 || minute > 59 ? undefined : timeOf(hour * 60 + minute);
}

/** The time some minutes later or earlier, on the same grid of minutes, around midnight where it must. */
export function stepTime(time: string, minutes: number): string {
  const now = minutesOf(time);
  const step = Math.abs(minutes);
  const next = minutes > 0 ? Math.floor(now / step) * step + step : Math.ceil(now / step) * step - step;
  return timeOf((next + DAY) % DAY);
}

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

function timeOf(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}

function latinDigits(text: string): string {
  return text.replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x0660));
}

const DAY = 24 * 60;
