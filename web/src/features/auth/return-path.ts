/**
 * Where a person goes once they are signed in: the page that they were on their way to, if it is one of ours, else the
 * first one. What stands in the address may come from anyone, so nothing that leads elsewhere is taken.
 */
export function returnPath(asked: string | string[] | undefined): string {
  if (typeof asked !== "string" || !asked.startsWith("/")) return "/";
  const target = URL.parse(asked, NOWHERE);
  if (target?.origin !== NOWHERE || /^\/(\/|api\/|sign-)/.test(target.pathname)) return "/";
  return target.pathname + target.search + target.hash;
}

/** The address of the sign-in page that leads back to a path, and may say that a session ended. */
export function signInAddress(path: string, ended: boolean): string {
  const query = new URLSearchParams();
  const next = returnPath(path);
  if (next !== "/") query.set("next", next);
  if (ended) query.set("ended", "1");
  return query.size === 0 ? "/sign-in" : `/sign-in?${query}`;
}

const NOWHERE = "http://nowhere.invalid";
