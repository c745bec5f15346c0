"use client";

import { create } from "@bufbuild/protobuf";
import { Bell, CalendarDays, Flag, Folder, Repeat } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import type { ReactNode } from "react";

import type { IsoDate } from "@/components/calendar";
import { Chip } from "@/components/chip";
import { describeRecurrence } from "@/features/recurrence/describe";
import { ruleText } from "@/features/recurrence/rule";
import { useReminderWords } from "@/features/reminders/reminder-words";
import { DueSchema, ReminderSchema } from "@/gen/errand/v1/task_pb";
import { dueText } from "@/reader/due-text";
import { useFormat } from "@/reader/format";

import { draftOf } from "./draft-of";
import type { ParsedLine, Piece, PieceKind } from "./parse/types";

interface UnderstoodChipsProps {
  line: ParsedLine;
  /** The day on which the task is due if the line does not say. */
  usualDay: IsoDate | null;
  onIgnore: (pieces: readonly Piece[]) => void;
  onIgnoreUsual: () => void;
}

/** What was understood of a line, each a chip that gives its words back to the title when it is removed. */
export function UnderstoodChips({ line, usualDay, onIgnore, onIgnoreUsual }: UnderstoodChipsProps) {
  const t = useTranslations("quickAdd");
  const tasks = useTranslations("tasks");
  const recurrence = useTranslations("recurrence");
  const locale = useLocale();
  const format = useFormat();
  const reminder = useReminderWords();
  const { due, reminders } = draftOf(line, format.timeZone, null);

  const chip = (
    kind: PieceKind,
    icon: ReactNode,
    text: string,
    pieces = line.pieces.filter((each) => each.kind === kind),
  ) => (
    <li key={`${kind}-${text}`} className="max-w-full min-w-0">
      <Chip tone="accent" icon={icon} removeLabel={t("remove", { what: text })} onRemove={() => onIgnore(pieces)}>
        {text}
      </Chip>
    </li>
  );
  return (
    <ul aria-label={t("understood")} className="flex min-h-8 flex-wrap items-center gap-1.5">
      {usualDay && (
        <li>
          <Chip
            icon={<CalendarDays />}
            removeLabel={t("remove", { what: format.day(usualDay) })}
            onRemove={onIgnoreUsual}
          >
            {format.day(usualDay)}
          </Chip>
        </li>
      )}
      {line.due && due && chip("due", <CalendarDays />, dueText(create(DueSchema, due), format) ?? "", duePieces(line))}
      {line.recurrence &&
        chip(
          "recurrence",
          <Repeat />,
          describeRecurrence(
            {
              rule: ruleText(line.recurrence.rule),
              mode: line.recurrence.mode,
              endDate: line.recurrence.endDate,
              due: line.due?.date,
            },
            locale,
            recurrence,
          ),
        )}
      {line.priority && chip("priority", <Flag />, tasks(`priorities.${line.priority}`))}
      {line.category && chip("category", <Folder />, tasks(`categories.${line.category}`))}
      {line.tags.map((tag) =>
        chip(
          "tag",
          null,
          `#${tag}`,
          line.pieces.filter((piece) => piece.text.toLowerCase() === `#${tag}`),
        ),
      )}
      {reminders &&
        chip("reminder", <Bell />, format.list(reminders.map((each) => reminder.when(create(ReminderSchema, each)))))}
    </ul>
  );
}

/** The words of the due; those of the recurrence where it alone says when. */
function duePieces(line: ParsedLine): Piece[] {
  const own = line.pieces.filter((piece) => piece.kind === "due");
  return own.length > 0 ? own : line.pieces.filter((piece) => piece.kind === "recurrence");
}
