"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import { useUpdates } from "@/features/updates";
import { useTimeZone } from "@/reader/format";
import { useNow } from "@/reader/now";

import { TaskStore } from "./store";

/** Keeps what is cached of tasks as the stream and the clock have it. It stands once in the frame of all pages. */
export function TaskUpdates() {
  const client = useQueryClient();
  const zone = useTimeZone();
  const now = useNow();
  useUpdates((update) => TaskStore.of(client).apply(update));
  // What is due at a full minute has passed a moment after it.
  useEffect(() => TaskStore.of(client).tick(Math.max(now, Date.now()), zone), [client, now, zone]);
  return null;
}
