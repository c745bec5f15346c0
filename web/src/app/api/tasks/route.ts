import { createTask, listTasks } from "@/server/rest/tasks";
import { routes } from "@/server/rest/routes";

export const { GET, POST, PUT, PATCH, DELETE } = routes("Task", { GET: listTasks, POST: createTask });
