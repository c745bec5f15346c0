import { markAllRead } from "@/server/rest/notifications";
import { routes } from "@/server/rest/routes";

export const { GET, POST, PUT, PATCH, DELETE } = routes("Notification", { PATCH: markAllRead });
