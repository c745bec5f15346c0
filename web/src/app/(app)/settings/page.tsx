import { SettingsPage } from "@/features/settings/settings-page";
import { requireSession } from "@/server/session";

export default async function Settings() {
  const { id, user } = await requireSession();
  return <SettingsPage person={{ id: user.id, name: user.name, email: user.email }} sessionId={id} />;
}
