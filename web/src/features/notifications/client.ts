import { createClient } from "@connectrpc/connect";

import { NotificationService } from "@/gen/errand/v1/notification_service_pb";
import { rpcTransport } from "@/features/shell/transport";

/** The notifications of the person who is signed in. */
export const notificationClient = createClient(NotificationService, rpcTransport);
