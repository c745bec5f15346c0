import "server-only";

import { OIDC_PROVIDER, PASSWORD_LENGTH } from "./auth";
import { openInvitation, signUpState, type SignUpState } from "./sign-up";
import { server } from "./start";

/** What the pages before sign-in show depends on. */
export interface SignInFacts {
  readonly signUp: SignUpState;
  /** Whether mail leaves, so that somebody who forgot a password can get a link. */
  readonly sendsMail: boolean;
  /** Where else people may sign in. */
  readonly provider: { readonly id: string; readonly name: string } | undefined;
  readonly passwordLength: { readonly min: number; readonly max: number };
}

/** How it is now. */
export async function signInFacts(): Promise<SignInFacts> {
  const { auth, config } = await server();
  const { adapter } = await auth.$context;
  return {
    signUp: await signUpState(adapter, config.signUp),
    sendsMail: config.mail !== undefined,
    provider: config.oidc && { id: OIDC_PROVIDER, name: config.oidc.name },
    passwordLength: PASSWORD_LENGTH,
  };
}

/** An invitation that is good: its token, and the address that it is for, if it is for one alone. */
export interface Invitation {
  readonly token: string;
  readonly email: string | null;
}

/** The invitation of a link, or `null` where it is none or no longer one. */
export async function invitationOf(token: string): Promise<Invitation | null> {
  const { auth } = await server();
  const { adapter } = await auth.$context;
  const open = await openInvitation(adapter, token);
  return open && { token, email: open.email };
}
