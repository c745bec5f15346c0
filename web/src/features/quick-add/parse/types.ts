import type { IsoDate } from "@/components/calendar";
import type { Mode } from "@/features/recurrence/describe";
import type { Rule } from "@/features/recurrence/rule";

export type Language = "en" | "de" | "ar";
export type PriorityName = "low" | "medium" | "high";
export type CategoryName = "work" | "personal" | "home" | "other";

/** A time of day as `HH:MM`. */
export type ClockTime = string;

export interface ParseContext {
  now: Date;
  timeZone: string;
  language: Language;
  /** Whether 3/4 is the third of April. */
  dayFirst: boolean;
  /** Pieces that the person does not want understood, by pieceKey. */
  ignored: ReadonlySet<string>;
}

/** When a task is due: on a date, or at a time of it, in the zone of the context. */
export interface ParsedDue {
  date: IsoDate;
  time: ClockTime | null;
  /** The moment itself, where the text counts from now. */
  moment?: Date;
}

export type ParsedReminder = { kind: "before"; seconds: number } | { kind: "at"; moment: Date };

export interface ParsedRecurrence {
  rule: Rule;
  mode: Mode;
  endDate: IsoDate | null;
}

export type PieceKind = "due" | "recurrence" | "priority" | "category" | "tag" | "reminder";

/** Words of the text that were understood. */
export interface Piece {
  kind: PieceKind;
  start: number;
  end: number;
  text: string;
}

/** What was understood of a line. */
export interface ParsedLine {
  title: string;
  due: ParsedDue | null;
  recurrence: ParsedRecurrence | null;
  priority: PriorityName | null;
  category: CategoryName | null;
  tags: string[];
  reminders: ParsedReminder[];
  /** In the order of the text. */
  pieces: Piece[];
}

/** What names a piece so long as its words stand in the text. */
export function pieceKey(piece: Pick<Piece, "kind" | "text">): string {
  return `${piece.kind}:${piece.text.trim().toLowerCase()}`;
}
