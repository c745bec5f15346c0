/** Whether an address leads to this machine, where browsers trust plain HTTP. */
export function isLocalhost(url: string): boolean {
  return LOCAL_NAMES.includes(new URL(url).hostname);
}

/** The origins that are the web app itself: a laptop is reached by each of its names. */
export function ownOrigins(url: string): string[] {
  const own = new URL(url);
  if (!isLocalhost(url)) return [own.origin];
  return LOCAL_NAMES.map((name) => `${own.protocol}//${name}${own.port && `:${own.port}`}`);
}

const LOCAL_NAMES = ["localhost", "127.0.0.1", "[::1]"];
