/**
 * What a task is known by for as long as the page is open. A new task has an id of this page's own until the server
 * has given it one; the focus that is on its row, and what keys work on, must outlast that.
 */
export function identityOf(id: string): string {
  return draftIds.get(id) ?? id;
}

/** Remembers that a draft has become a task of the server. */
export function draftBecame(draftId: string, id: string): void {
  if (draftId === id) return;
  draftIds.set(id, draftId);
  const oldest = draftIds.keys().next().value;
  if (draftIds.size > REMEMBERED && oldest !== undefined) draftIds.delete(oldest);
}

const draftIds = new Map<string, string>();
const REMEMBERED = 1000;
