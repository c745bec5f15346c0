/** Runs once before the first request: what is wrong with the configuration or the database is said now, not then. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { startOrExit } = await import("./server/start");
  await startOrExit();
}
