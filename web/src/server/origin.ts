import { ownOrigins } from "@/server/own-origins";

/**
 * Whether a request that changes something comes from Errand's own pages.
 *
 * A browser sends the session's cookie along with whatever another site makes it send, so a cookie alone does not say
 * that the person meant it. A bearer token does: no browser adds one by itself.
 */
export function isOwnPage(request: Request, url: string): boolean {
  return isSameOrigin(request.headers, url) && hasOwnContentType(request.headers);
}

/** Whether requests of this method change something. */
export function isChange(method: string): boolean {
  return !["GET", "HEAD", "OPTIONS"].includes(method);
}

/** The types of content that no form can send. */
const CONTENT_TYPES = new Set([
  "application/json",
  "application/proto",
  "application/connect+json",
  "application/connect+proto",
]);

/** `Sec-Fetch-Site` says it best; `Origin` is for browsers that leave it out, as they do for plain HTTP. */
function isSameOrigin(headers: Headers, url: string): boolean {
  const site = headers.get("sec-fetch-site");
  if (site !== null) return site === "same-origin";
  const origin = headers.get("origin");
  return origin !== null && ownOrigins(url).includes(origin);
}

/** A change without a body needs no type. */
function hasOwnContentType(headers: Headers): boolean {
  const type = headers.get("content-type");
  if (type === null) return (headers.get("content-length") ?? "0") === "0" && !headers.has("transfer-encoding");
  return CONTENT_TYPES.has((type.split(";", 1)[0] ?? "").trim().toLowerCase());
}
