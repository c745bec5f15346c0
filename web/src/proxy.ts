import { getSessionCookie } from "better-auth/cookies";
import { type NextRequest, NextResponse } from "next/server";

import { signInAddress } from "@/features/auth/return-path";
import { ownOrigins } from "@/server/own-origins";
import { COOKIE_PREFIX, PATH_HEADER, publicUrl } from "@/server/public-facts";
import { contentSecurityPolicy, securityHeaders } from "@/server/security-headers";

/**
 * Before every page: sends who has no session cookie to sign in, and says what the browser may load. Whether the
 * cookie is worth anything is for the page and for the routes under /api to find out.
 */
export function proxy(request: NextRequest): NextResponse {
  const secure = publicUrl().startsWith("https:");
  if (!isOpen(request.nextUrl.pathname) && !getSessionCookie(request, { cookiePrefix: COOKIE_PREFIX })) {
    return withHeaders(NextResponse.redirect(signIn(request)), securityHeaders(secure));
  }
  if (request.nextUrl.pathname.startsWith("/api/")) return withHeaders(NextResponse.next(), securityHeaders(secure));
  const nonce = crypto.randomUUID().replaceAll("-", "");
  const policy = contentSecurityPolicy({ nonce, secure, development: process.env.NODE_ENV === "development" });
  const headers = new Headers(request.headers);
  headers.set("x-nonce", nonce);
  headers.set(PATH_HEADER, request.nextUrl.pathname + request.nextUrl.search);
  // Next.js reads the nonce for its own scripts from here.
  headers.set("content-security-policy", policy);
  return withHeaders(NextResponse.next({ request: { headers } }), {
    ...securityHeaders(secure),
    "content-security-policy": policy,
  });
}

/** Files of the build and of `public` are the same for everyone, and their answers are left as they are. */
export const config = {
  matcher: ["/((?!_next/static|_next/image|errand\\.v1\\.|.*\\.(?:ico|png|svg|webmanifest|woff2?|txt|js)$).*)"],
};

/** What there is to see without being signed in. The routes under /api answer by themselves. */
function isOpen(path: string): boolean {
  return path.startsWith("/api/") || OPEN_PAGES.includes(path);
}

const OPEN_PAGES = ["/sign-in", "/sign-up", "/forgot-password", "/reset-password"];

/** The sign-in page, which leads back to the page that was asked for. */
function signIn({ nextUrl, headers }: NextRequest): URL {
  // Behind a proxy we do not know by ourselves how the browser reaches us.
  const own = ownOrigins(publicUrl()).find((origin) => new URL(origin).host === headers.get("host"));
  return new URL(signInAddress(nextUrl.pathname + nextUrl.search, false), own ?? publicUrl());
}

function withHeaders(response: NextResponse, headers: Record<string, string>): NextResponse {
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return response;
}
