/** Goes to a page by a new document, so that nothing of the person stays in memory. */
export function leaveFor(path: string): void {
  window.location.assign(path);
}
