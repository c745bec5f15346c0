/** One page of a list, and what opens the next one; nothing at the end. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string;
}

/** The beginning of a list. */
export interface Walked<Item> {
  readonly items: Item[];
  /** Whether there is nothing after it. */
  readonly ended: boolean;
}

/** Reads a list from its beginning, page by page, until it has so many items or the list ends. */
export async function walk<Item>(
  most: number,
  read: (size: number, token: string) => Promise<Page<Item>>,
): Promise<Walked<Item>> {
  const items: Item[] = [];
  let token = "";
  do {
    const page = await read(Math.min(most - items.length, LARGEST_PAGE), token);
    items.push(...page.items);
    token = page.next;
  } while (token !== "" && items.length < most);
  return { items, ended: token === "" };
}

/** The largest page that a service gives. */
const LARGEST_PAGE = 500;

/** The `Link` header (RFC 8288) to the part of a list before and the part after one. */
export function linkHeader(
  url: URL,
  { offset, limit, ended }: { offset: number; limit: number; ended: boolean },
): string | undefined {
  const to = (start: number, relation: string) => {
    const parameters = new URLSearchParams(url.searchParams);
    parameters.delete("user_id");
    parameters.set("limit", String(limit));
    parameters.set("offset", String(start));
    return `<${url.pathname}?${parameters.toString()}>; rel="${relation}"`;
  };
  const links = [];
  if (offset > 0) links.push(to(Math.max(0, offset - limit), "prev"));
  if (!ended) links.push(to(offset + limit, "next"));
  return links.length > 0 ? links.join(", ") : undefined;
}
