"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useState, type ReactNode } from "react";

import { UpdatesContext } from "./hooks";
import { UpdateHub } from "./hub";
import { goToSignIn } from "./sign-in";
import { updateStream } from "./stream";
import { UpdateTab } from "./tabs";
import type { TabChannel, TabLocks } from "./tab-message";
import { tokenSource } from "./token";

interface UpdatesProviderProps {
  /** Who is signed in: the `sub` of the person's tokens. Tabs share a stream only with tabs of the same person. */
  userId: string;
  children: ReactNode;
}

/** Keeps the stream of updates open while the page is, and reads everything anew after a gap. */
export function UpdatesProvider({ userId, children }: UpdatesProviderProps) {
  const client = useQueryClient();
  const [hub] = useState(() => new UpdateHub());
  const [tab] = useState(() => new UpdateTab(tabOptions(userId, hub)));

  useEffect(() => {
    const endResync = hub.onResync(() => void client.invalidateQueries());
    const endUpdates = hub.onUpdate((update) => {
      if (update.item.case !== "accountDeleted") return;
      client.clear();
      goToSignIn();
    });
    return () => {
      endResync();
      endUpdates();
    };
  }, [client, hub]);

  useEffect(() => {
    const ends = new AbortController();
    const { signal } = ends;
    const wake = () => tab.wake();
    tab.join();
    window.addEventListener("online", wake, { signal });
    window.addEventListener("offline", () => tab.goOffline(), { signal });
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && wake(), { signal });
    // A page that the browser puts aside lets another have the stream.
    window.addEventListener("pagehide", () => tab.leave(), { signal });
    window.addEventListener("pageshow", (event) => event.persisted && tab.join(), { signal });
    return () => {
      ends.abort();
      tab.leave();
    };
  }, [tab]);

  const updates = useMemo(() => ({ hub, wake: () => tab.wake() }), [hub, tab]);
  return <UpdatesContext value={updates}>{children}</UpdatesContext>;
}

function tabOptions(userId: string, hub: UpdateHub) {
  const hasLocks = typeof navigator !== "undefined" && "locks" in navigator && "BroadcastChannel" in globalThis;
  return {
    name: `errand-updates-${userId}`,
    hub,
    openStream: updateStream(tokenSource(userId, (...request) => fetch(...request))),
    isOnline: () => navigator.onLine,
    onSignIn: goToSignIn,
    ...(hasLocks && {
      locks: navigator.locks as unknown as TabLocks,
      channel: (name: string) => new BroadcastChannel(name) as unknown as TabChannel,
    }),
  };
}
