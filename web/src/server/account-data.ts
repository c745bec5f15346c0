import "server-only";

import { APIError } from "better-auth/api";

import { type Auth, mintToken } from "./auth";
import { callOptions, correlationIdOf, services } from "./sidecar";

/** Removes what the services keep of a person. Where that fails the person stays, and may try again. */
export async function deleteAccountData(auth: Auth, userId: string): Promise<void> {
  const identity = { token: await mintToken(auth, { sub: userId }), correlationId: correlationIdOf(new Headers()) };
  try {
    await services().account.deleteAccount(
      { confirmUserId: userId },
      callOptions(identity, AbortSignal.timeout(PATIENCE_MS)),
    );
  } catch {
    throw new APIError("BAD_GATEWAY");
  }
}

const PATIENCE_MS = 15_000;
