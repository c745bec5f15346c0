import { NotificationsPage } from "@/features/notifications/notifications-page";

export default function Notifications() {
  return <NotificationsPage />;
}
