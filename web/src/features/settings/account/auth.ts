import { authRequest, type AuthAnswer } from "@/features/shell/auth-request";

/** A place where the person is signed in. */
export interface SignedInSession {
  id: string;
  /** By it the session is ended. */
  token: string;
  userAgent: string | null;
  address: string | null;
  since: Date;
  /** To the day: a session is touched once a day. */
  lastUsed: Date;
}

/** The fewest characters of a password, as the server has it. */
export const PASSWORD_LENGTH = 10;

/** The sessions of the person, the last used first. */
export async function listSessions(): Promise<SignedInSession[]> {
  const sessions = dataOf(await authRequest<SessionJson[]>("list-sessions"));
  return sessions
    .map((session) => ({
      id: session.id,
      token: session.token,
      userAgent: session.userAgent ?? null,
      address: session.ipAddress === "" ? null : (session.ipAddress ?? null),
      since: new Date(session.createdAt),
      lastUsed: new Date(session.updatedAt),
    }))
    .sort((one, other) => other.lastUsed.getTime() - one.lastUsed.getTime());
}

/** Ends one session. Tokens that it was given are good for some minutes still. */
export async function endSession(session: SignedInSession): Promise<void> {
  dataOf(await authRequest("revoke-session", { token: session.token }));
}

/** Ends all sessions but the one in use. */
export async function endOtherSessions(): Promise<void> {
  dataOf(await authRequest("revoke-other-sessions", {}));
}

/** Changes the password. The server ends all other sessions with it. */
export async function changePassword(current: string, next: string): Promise<"changed" | "wrong-password" | "failed"> {
  const answer = await authRequest("change-password", { currentPassword: current, newPassword: next });
  if (answer.ok) return "changed";
  return answer.code === "INVALID_PASSWORD" ? "wrong-password" : "failed";
}

/**
 * Deletes the account with all that the services keep, which the server does first: where that fails the account stays.
 * A person without a password, who signs in elsewhere, leaves it empty, and must have signed in not long ago.
 */
export async function deleteAccount(
  password: string,
): Promise<"deleted" | "wrong-password" | "session-old" | "data-failed" | "failed"> {
  const answer = await authRequest("delete-user", password === "" ? {} : { password });
  if (answer.ok) return "deleted";
  if (answer.code === "INVALID_PASSWORD") return "wrong-password";
  if (answer.code.startsWith("SESSION_")) return "session-old";
  return /^5\d\d$/.test(answer.code) ? "data-failed" : "failed";
}

interface SessionJson {
  id: string;
  token: string;
  userAgent?: string | null;
  ipAddress?: string | null;
  createdAt: string;
  updatedAt: string;
}

function dataOf<Data>(answer: AuthAnswer<Data>): Data {
  if (!answer.ok) throw new Error(answer.code);
  return answer.data;
}
