import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";

import { LanguageLinks } from "@/features/auth/language-links";
import { BrandMark } from "@/features/shell/brand-mark";

/** The frame of the pages before sign-in. */
export default async function AuthLayout({ children }: { children: ReactNode }) {
  const t = await getTranslations("auth");
  return (
    <div className="flex min-h-dvh flex-col items-center justify-center gap-6 px-4 py-8">
      <header className="flex items-center gap-2.5">
        <BrandMark className="size-9" />
        <span className="text-lg font-semibold">{t("brand")}</span>
      </header>
      <main className="w-full max-w-sm rounded-xl border border-line bg-surface p-6 sm:p-8">{children}</main>
      <footer>
        <LanguageLinks />
      </footer>
    </div>
  );
}
