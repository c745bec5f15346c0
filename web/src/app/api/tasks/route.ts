import { listTasks } from "@/server/rest/lists";
import { routes } from "@/server/rest/routes";
import { createTask } from "@/server/rest/tasks";

export const { GET, POST, PUT, PATCH, DELETE } = routes("Task", { GET: listTasks, POST: createTask });
