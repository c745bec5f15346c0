import { TaskView } from "@/features/tasks/views/task-view";

export default function AllTasks() {
  return <TaskView view="all" />;
}
