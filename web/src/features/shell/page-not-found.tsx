import { Compass } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";

import { buttonClasses } from "@/components/button-classes";
import { EmptyState } from "@/components/empty-state";

/** What stands at an address where there is nothing. */
export function PageNotFound() {
  const t = useTranslations("shell.errors");
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center">
      <h1 className="sr-only">{t("notFoundTitle")}</h1>
      <EmptyState
        icon={<Compass />}
        title={t("notFoundTitle")}
        description={t("notFoundDescription")}
        action={
          <Link href="/today" className={buttonClasses("primary", "md")}>
            {t("home")}
          </Link>
        }
      />
    </main>
  );
}
