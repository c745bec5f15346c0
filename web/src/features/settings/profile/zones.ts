import { zoneCity } from "@/reader/due-text";

export interface Zone {
  /** The IANA name. */
  id: string;
  city: string;
  /** What the zone is called in the reader's language: `Central European Standard Time`. */
  name: string;
  /** `GMT+1` */
  offset: string;
}

/** The zones that the browser knows, by their offset now and then by their city. The one that is set is among them. */
export function listZones(locale: string, set: string, now: Date): Zone[] {
  const known = Intl.supportedValuesOf("timeZone");
  const ids = new Set([...known, "UTC", ...(isZone(set) ? [set] : [])]);
  const zones = [...ids].map((id) => describeZone(id, locale, now));
  const compare = new Intl.Collator(locale).compare;
  return zones.sort((one, other) => minutesOf(one.offset) - minutesOf(other.offset) || compare(one.city, other.city));
}

/** One zone, as a list shows it. */
export function describeZone(id: string, locale: string, now: Date): Zone {
  return {
    id,
    city: zoneCity(id),
    name: zonePart(id, locale, "long", now),
    offset: zonePart(id, "en", "shortOffset", now),
  };
}

/** Whether two names are of one zone: `Europe/Kiev` and `Europe/Kyiv`. */
export function sameZone(one: string, other: string): boolean {
  return one === other || (isZone(one) && isZone(other) && canonical(one) === canonical(other));
}

/** Whether this browser knows the zone. */
export function isZone(id: string): boolean {
  try {
    canonical(id);
    return true;
  } catch {
    return false;
  }
}

function canonical(id: string): string {
  return new Intl.DateTimeFormat("en", { timeZone: id }).resolvedOptions().timeZone;
}

function zonePart(id: string, locale: string, style: "long" | "shortOffset", now: Date): string {
  const parts = new Intl.DateTimeFormat(locale, { timeZone: id, timeZoneName: style }).formatToParts(now);
  return parts.find((part) => part.type === "timeZoneName")?.value ?? id;
}

/** The minutes of an offset such as `GMT+5:30`. */
function minutesOf(offset: string): number {
  const found = /([+-])(\d+)(?::(\d+))?/.exec(offset);
  if (!found) return 0;
  const minutes = Number(found[2]) * 60 + Number(found[3] ?? 0);
  return found[1] === "-" ? -minutes : minutes;
}
