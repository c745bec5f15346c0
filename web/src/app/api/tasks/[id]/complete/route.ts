import { toggleTask } from "@/server/rest/task";
import { routes } from "@/server/rest/routes";

export const { GET, POST, PUT, PATCH, DELETE } = routes("Task", { PATCH: toggleTask });
