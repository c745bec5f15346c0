import { RecurrenceMode } from "@/gen/errand/v1/task_pb";

import type { Mode } from "./describe";

/** The name that a mode has in the API's other forms, and in texts. */
export function modeName(mode: RecurrenceMode): Mode {
  if (mode === RecurrenceMode.EVERY_OCCURRENCE) return "every_occurrence";
  return mode === RecurrenceMode.FROM_COMPLETION ? "from_completion" : "skip_missed";
}

export function modeOf(name: Mode): RecurrenceMode {
  return {
    skip_missed: RecurrenceMode.SKIP_MISSED,
    every_occurrence: RecurrenceMode.EVERY_OCCURRENCE,
    from_completion: RecurrenceMode.FROM_COMPLETION,
  }[name];
}

export const MODES: readonly Mode[] = ["skip_missed", "every_occurrence", "from_completion"];
