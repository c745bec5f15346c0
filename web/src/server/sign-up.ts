import "server-only";

import { createHash, randomBytes } from "node:crypto";

import type { DBAdapter } from "@better-auth/core/db/adapter";

import type { SignUpPolicy } from "./config";

const INVITATION_MS = 7 * 24 * 60 * 60 * 1000;

/** What of Better Auth's database is needed here; inside of a transaction, that transaction's. */
export type Adapter = Pick<DBAdapter, "count" | "create" | "deleteMany" | "findOne">;

/** Why someone may not sign up. */
export class SignUpRefused extends Error {
  override readonly name = "SignUpRefused";

  constructor(readonly code: "SIGN_UP_CLOSED" | "INVITATION_NEEDED" | "INVITATION_INVALID") {
    super(code);
  }
}

/** Who wants an account. */
export interface Applicant {
  readonly email: string;
  /** Whether someone who is trusted says that the address is theirs. */
  readonly emailVerified: boolean;
  readonly invitation: string | undefined;
}

/** What a visitor of the sign-up page is told; `first` is that nobody is there yet. */
export type SignUpState = "first" | "open" | "invitation" | "closed";

/** What the policy means now. */
export async function signUpState(adapter: Adapter, policy: SignUpPolicy): Promise<SignUpState> {
  if (policy !== "first") return policy;
  return (await isFounded(adapter)) ? "invitation" : "first";
}

/**
 * Whether an applicant would be let in as things are, without a change. It tells who may not sign up no more than that,
 * and costs no hash of a password.
 *
 * @throws {SignUpRefused}
 */
export async function check(adapter: Adapter, policy: SignUpPolicy, applicant: Applicant): Promise<void> {
  await grounds(adapter, policy, applicant);
}

/**
 * Lets an applicant in, or not. To be called in the transaction that creates the user: an invitation is used up, and
 * of several who would be the first the database lets one in, whichever replica they came to.
 *
 * @throws {SignUpRefused}
 */
export async function admit(adapter: Adapter, policy: SignUpPolicy, applicant: Applicant): Promise<void> {
  const on = await grounds(adapter, policy, applicant);
  if (on === "open") return;
  if (on === "first") {
    await found(adapter);
    return;
  }
  const used = await adapter.deleteMany({ model: "invitation", where: [{ field: "id", value: on.id }] });
  if (used !== 1) throw new SignUpRefused("INVITATION_INVALID");
}

/** Makes an invitation, for one address or for whoever has it, and returns its token, which is kept nowhere. */
export async function invite(adapter: Adapter, email: string | undefined, now = new Date()): Promise<string> {
  await adapter.deleteMany({ model: "invitation", where: [{ field: "expiresAt", operator: "lt", value: now }] });
  const token = randomBytes(24).toString("base64url");
  await adapter.create({
    model: "invitation",
    data: {
      tokenHash: hashOf(token),
      email: email?.toLowerCase() ?? null,
      expiresAt: new Date(now.getTime() + INVITATION_MS),
      createdAt: now,
    },
  });
  return token;
}

/** An invitation that can still be used: the address it is for, if it is for one alone. */
export async function openInvitation(adapter: Adapter, token: string): Promise<{ email: string | null } | null> {
  return await findInvitation(adapter, "tokenHash", hashOf(token));
}

interface Invitation {
  id: string;
  email: string | null;
  expiresAt: Date;
}

/** On what grounds someone is let in. */
async function grounds(
  adapter: Adapter,
  policy: SignUpPolicy,
  applicant: Applicant,
): Promise<"open" | "first" | Invitation> {
  if (policy === "closed") throw new SignUpRefused("SIGN_UP_CLOSED");
  if (policy === "open") return "open";
  if (policy === "first" && !(await isFounded(adapter))) return "first";
  const invitation = await invitationFor(adapter, applicant);
  if (!invitation) throw new SignUpRefused(applicant.invitation ? "INVITATION_INVALID" : "INVITATION_NEEDED");
  return invitation;
}

/** Who comes from elsewhere has no link at hand, and needs none: the address is known to be theirs. */
async function invitationFor(adapter: Adapter, applicant: Applicant): Promise<Invitation | null> {
  const email = applicant.email.toLowerCase();
  if (applicant.invitation === undefined) {
    return applicant.emailVerified ? await findInvitation(adapter, "email", email) : null;
  }
  const invitation = await findInvitation(adapter, "tokenHash", hashOf(applicant.invitation));
  return invitation?.email && invitation.email !== email ? null : invitation;
}

async function findInvitation(adapter: Adapter, field: string, value: string): Promise<Invitation | null> {
  const invitation = await adapter.findOne<Invitation>({ model: "invitation", where: [{ field, value }] });
  return invitation && invitation.expiresAt > new Date() ? invitation : null;
}

async function isFounded(adapter: Adapter): Promise<boolean> {
  const founder = await adapter.findOne({ model: "founder", where: [{ field: "place", value: "first" }] });
  return founder !== null || (await adapter.count({ model: "user" })) > 0;
}

async function found(adapter: Adapter): Promise<void> {
  try {
    await adapter.create({ model: "founder", data: { place: "first", createdAt: new Date() } });
  } catch (error) {
    if (isTaken(error)) throw new SignUpRefused("INVITATION_NEEDED");
    throw error;
  }
}

/** Whether a row is there already, as PostgreSQL and SQLite say it. */
function isTaken(error: unknown): boolean {
  const { code, errcode } = error as { code?: unknown; errcode?: unknown };
  return code === "23505" || errcode === 2067;
}

function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
