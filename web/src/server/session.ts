import "server-only";

import { headers } from "next/headers";
import { redirect } from "next/navigation";

import { signInAddress } from "@/features/auth/return-path";

import { mintToken, TOKEN_SECONDS } from "./auth";
import { PATH_HEADER } from "./public-facts";
import { server } from "./start";
import { TokenCache } from "./token-cache";

/** Who a request is of, and the token by which the services know it. */
export interface Caller {
  /** A bearer's token is as the request gave it, not looked into; that of a session is minted here. */
  readonly via: "bearer" | "session";
  readonly token: string;
}

/** A person who is signed in. */
export interface Session {
  readonly id: string;
  readonly user: { readonly id: string; readonly name: string; readonly email: string };
}

/**
 * Who sends a request, or `null` for nobody. A request with `Authorization` is of its bearer and of no one else:
 * cookies are not looked at then. A session that was ended is none from the next request on.
 */
export async function identify(request: Request): Promise<Caller | null> {
  const authorization = request.headers.get("authorization");
  if (authorization !== null) {
    const token = /^Bearer +([^\s]+) *$/i.exec(authorization)?.[1];
    return token === undefined ? null : { via: "bearer", token };
  }
  if (!request.headers.has("cookie")) return null;
  const session = await sessionOf(request.headers);
  return session && { via: "session", token: await tokenOf(session) };
}

/** The session of the request that a page is rendered for, or `null`. */
export async function currentSession(): Promise<Session | null> {
  return await sessionOf(await headers());
}

/**
 * For pages and layouts behind sign-in: the session, or off to the sign-in page. This is the real check, the one in
 * `proxy.ts` only looks whether there is a cookie; and as a layout is not rendered anew when one goes from page to
 * page, what is read and changed is checked again where it is served.
 */
export async function requireSession(): Promise<Session> {
  const given = await headers();
  const session = await sessionOf(given);
  return session ?? redirect(signInAddress(given.get(PATH_HEADER) ?? "/", true));
}

const tokens = new TokenCache({ capacity: 10_000, seconds: TOKEN_SECONDS - 60 });

async function tokenOf(session: Session): Promise<string> {
  const { auth } = await server();
  return await tokens.get(session.id, () => mintToken(auth, { sub: session.user.id, sid: session.id }));
}

async function sessionOf(headers: Headers): Promise<Session | null> {
  const { auth } = await server();
  // An answer to this could not carry the cookie of a prolonged session; the browser's own calls prolong it.
  const found = await auth.api.getSession({ headers, query: { disableRefresh: true } });
  return found && { id: found.session.id, user: found.user };
}
