import { useTranslations } from "next-intl";

import { Skeleton } from "@/components/skeleton";

/** The place of a page that is on its way, in the shape of most: a heading and rows. */
export function PageLoading() {
  const t = useTranslations("shell");
  return (
    <div role="status" aria-label={t("loading")} className="mx-auto w-full max-w-3xl px-4 py-6">
      <Skeleton className="mb-6 h-8 w-48" />
      {[0, 1, 2, 3, 4].map((row) => (
        <div key={row} className="flex items-center gap-3 py-3">
          <Skeleton className="size-5 rounded-full" />
          <Skeleton className="h-4 flex-1" />
        </div>
      ))}
    </div>
  );
}
