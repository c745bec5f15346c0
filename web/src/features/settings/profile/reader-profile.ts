import { timestampMs } from "@bufbuild/protobuf/wkt";

import type { WeekdayNumber } from "@/components/calendar";
import type { Profile } from "@/gen/errand/v1/profile_service_pb";

/** The profile as pages have it: plain values, which the server can hand to the browser. */
export interface ReaderProfile {
  timeZone: string;
  language: string;
  firstDayOfWeek: WeekdayNumber;
  /** When it last changed, in milliseconds; null if nobody ever set it. */
  updatedAt: number | null;
  etag: string;
}

export function readerProfile(profile: Profile): ReaderProfile {
  return {
    timeZone: profile.timeZone || "UTC",
    language: profile.language || "en",
    // Unspecified is 0, and means the default.
    firstDayOfWeek: profile.firstDayOfWeek || 1,
    updatedAt: profile.updatedAt ? timestampMs(profile.updatedAt) : null,
    etag: profile.etag,
  };
}
