import { InvalidRequest, type Problem } from "@/server/rest/problem";

/** What is wrong with a request, as its reading tells; nothing if it is taken. */
export function problemsOf(read: () => unknown): readonly Problem[] {
  try {
    read();
  } catch (error) {
    if (error instanceof InvalidRequest) return error.problems;
    throw error;
  }
  return [];
}
