"use client";

import { createContext, use, useCallback, useEffect, useEffectEvent, useMemo, useSyncExternalStore } from "react";

import { UpdateAction } from "@/gen/errand/v1/event_pb";
import type { Notification } from "@/gen/errand/v1/notification_pb";

import type { HubState, UpdateHub } from "./hub";
import type { Connection, UpdateListener } from "./types";

/** What the provider gives to the page. */
export interface Updates {
  hub: UpdateHub;
  wake: () => void;
}

export const UpdatesContext = createContext<Updates | undefined>(undefined);

/** How the page stands with the stream of updates. */
export function useConnection(): Connection {
  const { wake } = useUpdatesContext();
  const { state, since } = useHubState();
  return useMemo(() => ({ state, since, retryNow: wake }), [state, since, wake]);
}

/** Hears of every update, in order, while the component is there. */
export function useUpdates(listener: UpdateListener): void {
  const { hub } = useUpdatesContext();
  const hear = useEffectEvent(listener);
  useEffect(() => hub.onUpdate((update) => hear(update)), [hub]);
}

/** Hears of every new notification while the component is there. */
export function useNewNotifications(listener: (notification: Notification) => void): void {
  const { hub } = useUpdatesContext();
  const hear = useEffectEvent(listener);
  useEffect(
    () =>
      hub.onUpdate(({ action, item }) => {
        if (item.case === "notification" && action === UpdateAction.CREATED) hear(item.value);
      }),
    [hub],
  );
}

/** How what the stream keeps right is read: after its first frame, and anew only while it is away. */
export interface Reading {
  enabled: boolean;
  staleTime: number;
}

export function useReading(): Reading {
  const { state, hasRead } = useHubState();
  return { enabled: hasRead, staleTime: state === "live" ? Infinity : STALE_TIME };
}

/** Tells at any moment whether the page has no connection. */
export function useIsOffline(): () => boolean {
  const { hub } = useUpdatesContext();
  return useCallback(() => hub.get().state === "offline", [hub]);
}

function useHubState(): HubState {
  const { hub } = useUpdatesContext();
  return useSyncExternalStore(hub.subscribe, hub.get, () => BEFORE);
}

function useUpdatesContext(): Updates {
  const updates = use(UpdatesContext);
  if (!updates) throw new Error("there is no UpdatesProvider around");
  return updates;
}

const BEFORE: HubState = { state: "connecting", since: 0, hasRead: false };
const STALE_TIME = 15_000;
