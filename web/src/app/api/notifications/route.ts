import { listNotifications } from "@/server/rest/lists";
import { routes } from "@/server/rest/routes";

export const { GET, POST, PUT, PATCH, DELETE } = routes("Notification", { GET: listNotifications });
