/** The address of the sign-in page that leads to `next`; it may say that a session ended. */
export function signInAddress(next: string, ended: boolean): string {
  const query = new URLSearchParams();
  const page = nextPage(next);
  if (page !== "/") query.set("next", page);
  if (ended) query.set("ended", "1");
  return query.size === 0 ? "/sign-in" : `/sign-in?${query}`;
}

/** Where someone goes who has signed in: only ever to a page of our own, whatever a link to us says. */
export function nextPage(next: string | undefined): string {
  // Browsers take a backslash for a slash, and two of them begin another site's address.
  if (!next?.startsWith("/")) return "/";
  const url = URL.parse(next, OWN);
  if (url?.origin !== OWN || url.pathname.startsWith("/sign-")) return "/";
  return url.pathname.startsWith("//") ? "/" : url.pathname + url.search;
}

/** Any site that there is not. */
const OWN = "https://errand.invalid";
