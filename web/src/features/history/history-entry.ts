import type { AuditLog } from "@/gen/errand/v1/audit_service_pb";
import { ActorKind } from "@/gen/errand/v1/event_pb";
import { TaskStatus } from "@/gen/errand/v1/task_pb";

import { TOLD_FIELDS, type ToldField } from "./field-words";

/** What happened, as the history says it. */
export type Happened = "created" | "edited" | "completed" | "reopened" | "trashed" | "restored" | "reminded";

export type Who = "you" | "series" | "reminders" | "errand";

/** What happened, by what changed: the audit trail names an edit, a reopening and a restoring alike. */
export function happened(entry: AuditLog): Happened {
  switch (entry.eventType) {
    case "task.created":
      return "created";
    case "task.completed":
      return "completed";
    case "task.deleted":
      return "trashed";
    case "reminder.due":
      return "reminded";
    default:
  }
  const { before, after } = entry;
  if (before?.deletedAt && !after?.deletedAt) return "restored";
  if (before?.status === TaskStatus.COMPLETED && after?.status === TaskStatus.PENDING) return "reopened";
  return "edited";
}

/** The fields whose old and new value are worth telling. */
export function toldChanges(entry: AuditLog): ToldField[] {
  if (!entry.before || !entry.after || happened(entry) !== "edited") return [];
  const changed = entry.changedFields.map((name) =>
    name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
  );
  return TOLD_FIELDS.filter((field) => field !== "status" && field !== "deletedAt" && changed.includes(field));
}

/** Who did it. Only the owner of a task and Errand's own services can. */
export function who(entry: AuditLog): Who {
  if (entry.actor?.kind !== ActorKind.SERVICE) return "you";
  if (entry.actor.id.startsWith("recurring")) return "series";
  return entry.actor.id.startsWith("notification") || entry.eventType === "reminder.due" ? "reminders" : "errand";
}
