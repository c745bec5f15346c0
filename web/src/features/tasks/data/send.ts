import { isTransient, OfflineError } from "./describe-error";
import { newRequestId } from "./request-id";

/** Sends a change, and the same once more if the server could not be reached: with its request id it is done once. */
export async function send<Answer>(
  call: (requestId: string) => Promise<Answer>,
  isOffline: () => boolean,
): Promise<Answer> {
  if (isOffline()) throw new OfflineError("there is no connection");
  const requestId = newRequestId();
  try {
    return await call(requestId);
  } catch (error) {
    if (!isTransient(error)) throw error;
    await new Promise((resolve) => setTimeout(resolve, PAUSE * (0.5 + Math.random())));
    if (isOffline()) throw error;
    return call(requestId);
  }
}

/** Runs a job for each item, at most so many at the same time, and gives the results in the order of the items. */
export async function forEach<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  job: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const work = async () => {
    while (next < items.length) {
      const index = next++;
      results[index] = await job(items[index] as Item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, work));
  return results;
}

const PAUSE = 400;
