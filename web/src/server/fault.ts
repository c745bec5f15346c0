/** Writes down a fault of ours. Whoever asked is told no more than the correlation id. */
export function reportFault(error: unknown, correlationId: string): void {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${JSON.stringify({ level: "ERROR", message, correlation_id: correlationId })}\n`);
}
