export { useCommand, type Command } from "./commands";
export { useShortcut, type ShortcutGroup, type ShortcutOptions } from "./shortcuts";
export { dueText, isoDateOf, zoneCity } from "@/reader/due-text";
export {
  useFirstDayOfWeek,
  useFormat,
  useTimeZone,
  type DateOrMoment,
  type DateStyle,
  type Format,
} from "@/reader/format";
export { useNow } from "@/reader/now";
