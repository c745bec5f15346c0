"use client";

import { Code, ConnectError } from "@connectrpc/connect";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

import { PROFILE_KEY } from "@/features/settings/profile/use-profile";
import type { ReaderProfile } from "@/features/settings/profile/reader-profile";

/** What the pages remember of what they have read. The stream keeps it fresh, so nothing is read again by time. */
export function QueryProvider({ profile, children }: { profile: ReaderProfile | null; children: ReactNode }) {
  const [client] = useState(() => {
    const made = new QueryClient({
      defaultOptions: {
        queries: {
          staleTime: Infinity,
          gcTime: 30 * 60_000,
          refetchOnWindowFocus: false,
          refetchOnReconnect: false,
          retry: (failures, error) => failures < 3 && isPassing(error),
          retryDelay: (attempt) => 500 * 2 ** attempt,
        },
      },
    });
    if (profile) made.setQueryData(PROFILE_KEY, profile);
    return made;
  });
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}

/** Whether what went wrong may go right by itself. */
function isPassing(error: Error): boolean {
  return [Code.Unavailable, Code.DeadlineExceeded, Code.ResourceExhausted].includes(ConnectError.from(error).code);
}
