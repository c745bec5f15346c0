/**
 * Where a person goes once they are signed in: the page that they were on their way to, if it is one of ours, else the
 * first one. What stands in the address may come from anyone, so nothing that leads elsewhere is taken.
 */
export function returnPath(asked: string | string[] | undefined): string {
  if (typeof asked !== "string" || !asked.startsWith("/")) return "/";
  const target = URL.parse(asked, NOWHERE);
  if (target?.origin !== NOWHERE || /^\/(\/|api\/)/.test(target.pathname)) return "/";
  return target.pathname + target.search + target.hash;
}

const NOWHERE = "http://nowhere.invalid";
