import "server-only";

import type { BetterAuthPlugin } from "better-auth";
import { APIError, createAuthMiddleware } from "better-auth/api";

import { Attempts } from "./attempts";

/** How often one account's password may be wrong within ten minutes. */
export const GUESSES = 10;

/**
 * Slows down who guesses the password of one account from many places: the limit by address is no help there, nor
 * where the app is reached without a proxy that says truly where a request is from. Each replica counts by itself.
 */
export function slowGuessing(): BetterAuthPlugin {
  const attempts = new Attempts({ max: GUESSES, seconds: 600, capacity: 10_000 });
  return {
    id: "errand-guessing",
    hooks: {
      before: [
        {
          matcher: (context) => context.path === SIGN_IN,
          handler: createAuthMiddleware((context) => {
            if (attempts.allows(accountOf(context.body))) return Promise.resolve();
            throw new APIError("TOO_MANY_REQUESTS");
          }),
        },
      ],
      after: [
        {
          matcher: (context) => context.path === SIGN_IN,
          handler: createAuthMiddleware((context) => {
            if (context.context.newSession) attempts.forget(accountOf(context.body));
            return Promise.resolve();
          }),
        },
      ],
    },
  };
}

const SIGN_IN = "/sign-in/email";

function accountOf(body: unknown): string {
  const { email } = (body ?? {}) as { email?: unknown };
  return typeof email === "string" ? email.trim().toLowerCase() : "";
}
