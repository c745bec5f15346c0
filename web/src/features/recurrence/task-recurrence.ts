import { timestampDate } from "@bufbuild/protobuf/wkt";

import { dateInZone, type IsoDate } from "@/components/calendar";
import type { Due } from "@/gen/errand/v1/task_pb";
import { isoDateOf } from "@/reader/due-text";

/** The date of a due in its own zone, from which its rule counts. */
export function dueDateOf(due: Due | undefined, reader: { timeZone: string }): IsoDate | undefined {
  switch (due?.when.case) {
    case "date":
      return isoDateOf(due.when.value);
    case "time":
      return dateInZone(timestampDate(due.when.value), due.timeZone || reader.timeZone);
    default:
      return undefined;
  }
}
