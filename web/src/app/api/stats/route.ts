import { countTasks } from "@/server/rest/tasks";
import { routes } from "@/server/rest/routes";

export const { GET, POST, PUT, PATCH, DELETE } = routes("Task", { GET: countTasks });
