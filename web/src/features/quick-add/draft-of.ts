import { durationFromMs, timestampFromDate } from "@bufbuild/protobuf/wkt";

import type { IsoDate } from "@/components/calendar";
import { modeOf } from "@/features/recurrence/mode";
import { ruleText } from "@/features/recurrence/rule";
import { calendarDate } from "@/features/tasks/data/day";
import type { TaskDraft } from "@/features/tasks/data/types";
import { dueOf } from "@/features/tasks/detail/due-parts";
import { priorityOf } from "@/features/tasks/views/view-query";

import type { ParsedLine } from "./parse/types";

/** The task that a line means. `usualDay` is when it is due if the line does not say. */
export function draftOf(line: ParsedLine, timeZone: string, usualDay: IsoDate | null): TaskDraft {
  const { due, recurrence } = line;
  const priority = priorityOf(line.priority ?? "");
  const draft: TaskDraft = {
    title: line.title,
    tags: line.tags,
    ...(priority && { priority }),
    ...(line.category && { category: line.category }),
  };
  if (due?.moment) draft.due = { when: { case: "time", value: timestampFromDate(due.moment) }, timeZone };
  else if (due) draft.due = dueOf({ ...due, timeZone });
  else if (usualDay) draft.due = dueOf({ date: usualDay, time: null, timeZone });
  if (recurrence) {
    draft.recurringRule = ruleText(recurrence.rule);
    draft.recurrenceMode = modeOf(recurrence.mode);
    if (recurrence.endDate) draft.recurringEndDate = calendarDate(recurrence.endDate);
  }
  if (line.reminders.length > 0) {
    draft.reminders = line.reminders.map((reminder) => ({
      when:
        reminder.kind === "before"
          ? { case: "beforeDue", value: durationFromMs(reminder.seconds * 1000) }
          : { case: "time", value: timestampFromDate(reminder.moment) },
    }));
  }
  return draft;
}
