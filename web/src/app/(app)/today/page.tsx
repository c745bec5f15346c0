import { TaskView } from "@/features/tasks/views/task-view";

export default function Today() {
  return <TaskView view="today" />;
}
