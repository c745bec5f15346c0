"use client";

import { useTranslations } from "next-intl";

import { Skeleton } from "@/components/skeleton";

/** Stands where a list is on its way. */
export function ListSkeleton() {
  const t = useTranslations("tasks.list");
  return (
    <div role="status" className="flex flex-col">
      <span className="sr-only">{t("loading")}</span>
      {WIDTHS.map((width, index) => (
        <span key={index} className="flex min-h-12 items-center gap-3 px-2">
          <Skeleton className="size-[1.125rem] rounded-full" />
          <Skeleton className={`h-4 ${width}`} />
        </span>
      ))}
    </div>
  );
}

const WIDTHS = ["w-1/2", "w-2/3", "w-2/5", "w-3/5", "w-1/3", "w-1/2", "w-2/5"];
