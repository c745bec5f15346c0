import { TaskView } from "@/features/tasks/views/task-view";

export default function Completed() {
  return <TaskView view="completed" />;
}
