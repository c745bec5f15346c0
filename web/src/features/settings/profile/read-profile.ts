import "server-only";

import { createClient } from "@connectrpc/connect";
import { headers } from "next/headers";

import { ProfileService } from "@/gen/errand/v1/profile_service_pb";
import { contextOf, correlationIdOf, sidecar } from "@/server/sidecar";
import { identify } from "@/server/session";

import { readerProfile, type ReaderProfile } from "./reader-profile";

/**
 * The profile of whoever a page is rendered for, so that its first drawing has the right zone. A page does without it
 * rather than wait: the browser asks again.
 */
export async function readProfile(): Promise<ReaderProfile | null> {
  const incoming = await headers();
  try {
    const caller = await identify(new Request("http://page.invalid", { headers: incoming }));
    if (!caller) return null;
    const { profile } = await createClient(ProfileService, sidecar()).getProfile(
      {},
      {
        contextValues: contextOf({ token: caller.token, correlationId: correlationIdOf(incoming) }),
        timeoutMs: PATIENCE_MS,
      },
    );
    return profile ? readerProfile(profile) : null;
  } catch {
    return null;
  }
}

const PATIENCE_MS = 1500;
