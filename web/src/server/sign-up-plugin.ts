import "server-only";

import { getCurrentAdapter } from "@better-auth/core/context";
import type { BetterAuthPlugin } from "better-auth";
import { APIError, createAuthMiddleware } from "better-auth/api";

import type { SignUpPolicy } from "./config";
import { admit, check, SignUpRefused } from "./sign-up";

/** Holds Better Auth to the policy, however someone would sign up, and brings the tables that this needs. */
export function signUpPolicy(policy: SignUpPolicy): BetterAuthPlugin {
  return {
    id: "errand-sign-up",
    schema: {
      invitation: {
        fields: {
          tokenHash: { type: "string", required: true, unique: true },
          email: { type: "string", required: false },
          expiresAt: { type: "date", required: true },
          createdAt: { type: "date", required: true },
        },
      },
      // One row at most: whoever writes it is the first.
      founder: {
        fields: {
          place: { type: "string", required: true, unique: true },
          createdAt: { type: "date", required: true },
        },
      },
    },
    hooks: {
      before: [
        {
          matcher: (context) => context.path === "/sign-up/email",
          handler: createAuthMiddleware(async (request) => {
            const { email } = request.body as { email: string };
            const invitation = invitationIn(request.body);
            const { adapter } = request.context;
            await check(adapter, policy, { email, emailVerified: false, invitation }).catch(refuse);
          }),
        },
      ],
    },
    init: (context) => ({
      options: {
        databaseHooks: {
          user: {
            create: {
              before: async (user, request) => {
                // Inside of a sign-up this is its transaction.
                const adapter = await getCurrentAdapter(context.adapter);
                const { email, emailVerified } = user;
                const invitation = invitationIn(request?.body);
                await admit(adapter, policy, { email, emailVerified, invitation }).catch(refuse);
              },
            },
          },
        },
      },
    }),
  };
}

/** A sign-up names its invitation beside the address and password. */
function invitationIn(body: unknown): string | undefined {
  const { invitation } = (body ?? {}) as { invitation?: unknown };
  return typeof invitation === "string" && invitation !== "" ? invitation : undefined;
}

function refuse(error: unknown): never {
  if (error instanceof SignUpRefused) throw new APIError("FORBIDDEN", { code: error.code, message: error.code });
  throw error;
}
