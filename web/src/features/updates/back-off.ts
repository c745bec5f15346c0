/** How long to wait before the attempt after so many failures: anything up to a bound that doubles with each. */
export function backOff(attempt: number, random: () => number): number {
  return random() * Math.min(LONGEST, SHORTEST * 2 ** Math.min(attempt, 16));
}

const SHORTEST = 500;
const LONGEST = 30_000;
