import "server-only";

import { randomBytes } from "node:crypto";

import type { Auth } from "./auth";
import type { Config } from "./config";
import { invite } from "./sign-up";

/** How long the link is good by which somebody sets a new password. */
const RESET_MS = 60 * 60 * 1000;

/** What a command works on. */
export interface Users {
  readonly config: Pick<Config, "signUp" | "url">;
  readonly auth: Pick<Auth, "$context">;
}

/** Why a command could not be done, said for whoever gave it. */
export class UserCommandError extends Error {
  override readonly name = "UserCommandError";
}

/** What the operator asks for, as `errand user` passes it on: the link that answers it. */
export async function runUserCommand(users: Users, [command, email, ...more]: readonly string[]): Promise<string> {
  if (more.length === 0 && command === "invite") return await invitationLink(users, email);
  if (more.length === 0 && command === "reset" && email !== undefined) return await resetLink(users, email);
  throw new UserCommandError("usage: user.js invite [EMAIL] | reset EMAIL");
}

/** A link by which somebody signs up: whoever has it, or the one with this address alone. */
async function invitationLink({ auth, config }: Users, email: string | undefined): Promise<string> {
  if (config.signUp === "closed") {
    throw new UserCommandError("nobody can sign up, also with an invitation: ERRAND_WEB_SIGN_UP is closed");
  }
  const { adapter } = await auth.$context;
  const token = await invite(adapter, email);
  return `${config.url}/sign-up?invitation=${token}`;
}

/** A link by which the user with this address sets a new password within the hour. */
async function resetLink({ auth, config }: Users, email: string): Promise<string> {
  const { internalAdapter } = await auth.$context;
  const found = await internalAdapter.findUserByEmail(email.toLowerCase());
  if (!found) throw new UserCommandError(`there is no user with the address ${email}`);
  const token = randomBytes(24).toString("base64url");
  await internalAdapter.createVerificationValue({
    value: found.user.id,
    identifier: `reset-password:${token}`,
    expiresAt: new Date(Date.now() + RESET_MS),
  });
  return `${config.url}/reset-password?token=${token}`;
}
