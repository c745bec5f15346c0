"use client";

import { useLocale } from "next-intl";
import { DirectionProvider } from "radix-ui/direction";
import type { ReactNode } from "react";

import { NotificationUpdates } from "@/features/notifications/notification-updates";
import { FirstVisit } from "@/features/settings/profile/first-visit";
import { PreferencesProvider } from "@/features/settings/profile/preferences-provider";
import type { ReaderProfile } from "@/features/settings/profile/reader-profile";
import { TaskUpdates } from "@/features/tasks/data/task-updates";
import { UpdatesProvider } from "@/features/updates";
import { directionOf } from "@/i18n/languages";

import { BottomBar } from "./bottom-bar";
import { GlobalShortcuts } from "./global-shortcuts";
import { Header } from "./header";
import { useStyleNonce } from "./nonce";
import { Overlays } from "./overlay-host";
import { PageTitle } from "./page-title";
import { QueryProvider } from "./query-provider";
import { SideNavigation } from "./side-navigation";
import { SkipLink } from "./skip-link";
import { Toasts } from "./toasts";
import type { Person } from "./person";

export interface AppShellProps {
  person: Person;
  /** The profile, if the server could read it. */
  profile: ReaderProfile | null;
  /** When the server made the page, in milliseconds. */
  renderedAt: number;
  /** What styles that are made in the browser have to carry. */
  nonce: string | undefined;
  children: ReactNode;
}

/** The frame around every page of someone who is signed in, and what all of them share. */
export function AppShell({ person, profile, renderedAt, nonce, children }: AppShellProps) {
  useStyleNonce(nonce);
  return (
    <DirectionProvider dir={directionOf(useLocale())}>
      <QueryProvider profile={profile}>
        <PreferencesProvider renderedAt={renderedAt}>
          <UpdatesProvider userId={person.id}>
            <SkipLink />
            <div className="flex min-h-dvh">
              <SideNavigation />
              <div className="flex min-w-0 flex-1 flex-col">
                <Header person={person} />
                <main
                  id="content"
                  tabIndex={-1}
                  className="flex min-w-0 flex-1 flex-col pb-[calc(4.5rem+env(safe-area-inset-bottom))] outline-none md:pb-0"
                >
                  {children}
                </main>
              </div>
            </div>
            <BottomBar />
            <Toasts />
            <Overlays />
            <PageTitle />
            <GlobalShortcuts />
            <NotificationUpdates />
            <TaskUpdates />
            <FirstVisit />
          </UpdatesProvider>
        </PreferencesProvider>
      </QueryProvider>
    </DirectionProvider>
  );
}
