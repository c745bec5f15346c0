import { createClient, type Client } from "@connectrpc/connect";

import { rpcTransport } from "@/features/shell/transport";
import { AuditService } from "@/gen/errand/v1/audit_service_pb";
import { NotificationService } from "@/gen/errand/v1/notification_service_pb";
import { TaskService } from "@/gen/errand/v1/task_service_pb";

export type TaskClient = Client<typeof TaskService>;

/** The tasks of the person who is signed in. */
export const taskClient: TaskClient = createClient(TaskService, rpcTransport);
export const auditClient = createClient(AuditService, rpcTransport);
export const reminderClient = createClient(NotificationService, rpcTransport);
