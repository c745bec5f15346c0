export { useCommand, type Command } from "./commands";
export { useFirstDayOfWeek, useFormat, useTimeZone, type DateOrMoment, type DateStyle, type Format } from "./format";
export { useNow } from "./now";
export { useShortcut, type ShortcutGroup, type ShortcutOptions } from "./shortcuts";
