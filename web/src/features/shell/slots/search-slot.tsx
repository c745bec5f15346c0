"use client";

import { SearchField } from "@/features/tasks/views/search-field";

/** The search over tasks, in the header. */
export function SearchSlot() {
  return <SearchField />;
}
