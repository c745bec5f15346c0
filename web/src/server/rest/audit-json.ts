import type { AuditLog } from "@/gen/errand/v1/audit_service_pb";
import { momentText } from "@/server/rest/moment";
import { taskJson, type TaskJson } from "@/server/rest/task-json";

/** The task as it became; of an update also as it was, and which fields differ. */
export type AuditData = TaskJson & { before?: TaskJson; changedFields?: string[] };

/** An entry of the audit trail as the REST API shows it. */
export interface AuditJson {
  id: string;
  eventType: string;
  entityType: string;
  entityId: string;
  userId: string;
  timestamp: string | null;
  /** Nothing once the account is deleted. */
  data: AuditData | null;
}

/** The entry of a user's audit trail for the REST API. */
export function auditJson(entry: AuditLog, userId: string): AuditJson {
  return {
    id: entry.id,
    eventType: entry.eventType.replace(/^task\./, ""),
    entityType: entry.entityType,
    entityId: entry.entityId,
    userId,
    timestamp: entry.occurredAt ? momentText(entry.occurredAt) : null,
    data: dataOf(entry, userId),
  };
}

function dataOf({ before, after, changedFields }: AuditLog, userId: string): AuditData | null {
  if (after === undefined) return null;
  const data = taskJson(after, userId);
  if (before === undefined) return data;
  return { ...data, before: taskJson(before, userId), changedFields: changedFields.map(fieldName) };
}

const FIELD_NAMES: Readonly<Record<string, string>> = { due: "dueDate", reminders: "reminderAt" };

function fieldName(field: string): string {
  return FIELD_NAMES[field] ?? field.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
