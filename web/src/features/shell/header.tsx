"use client";

import { NotificationBell } from "@/features/notifications/notification-bell";

import { AccountButton } from "./account-button";
import { ConnectionBanner } from "./connection-banner";
import type { Person } from "./person";
import { SearchSlot } from "./slots/search-slot";
import { TimeZoneBanner } from "./time-zone-banner";

/** The top of every page: search, the bell, the account, and what is to be said of the connection. */
export function Header({ person }: { person: Person }) {
  return (
    <header className="sticky top-0 z-20 border-b border-line bg-canvas/95 backdrop-blur-sm">
      <div className="flex h-14 items-center gap-2 px-3 md:px-5">
        <div className="min-w-0 flex-1 md:max-w-md">
          <SearchSlot />
        </div>
        <div className="ms-auto flex items-center gap-1">
          <NotificationBell />
          <AccountButton person={person} />
        </div>
      </div>
      <ConnectionBanner />
      <TimeZoneBanner />
    </header>
  );
}
