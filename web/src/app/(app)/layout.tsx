import { headers } from "next/headers";
import type { ReactNode } from "react";

import { readProfile } from "@/features/settings/profile/read-profile";
import { AppShell } from "@/features/shell/app-shell";
import { requireSession } from "@/server/session";

/** The frame of all pages behind sign-in. */
export default async function AppLayout({ children }: { children: ReactNode }) {
  const { user } = await requireSession();
  const nonce = (await headers()).get("x-nonce") ?? undefined;
  return (
    <AppShell
      person={{ id: user.id, name: user.name, email: user.email }}
      profile={await readProfile()}
      renderedAt={now()}
      nonce={nonce}
    >
      {children}
    </AppShell>
  );
}

/** The moment of a request; a layout is rendered anew for each. */
function now(): number {
  return Date.now();
}
