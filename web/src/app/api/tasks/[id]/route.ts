import { deleteTask, getTask, updateTask } from "@/server/rest/task";
import { routes } from "@/server/rest/routes";

export const { GET, POST, PUT, PATCH, DELETE } = routes("Task", {
  GET: getTask,
  PUT: updateTask,
  PATCH: updateTask,
  DELETE: deleteTask,
});
