import { TaskView } from "@/features/tasks/views/task-view";

export default function Upcoming() {
  return <TaskView view="upcoming" />;
}
