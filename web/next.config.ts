import path from "node:path";
import type { NextConfig } from "next";
import createNextIntlPlugin from "next-intl/plugin";

const withNextIntl = createNextIntlPlugin("./src/i18n/request.ts");

const config: NextConfig = {
  output: "standalone",
  // The lock file above this folder, if there is one, is nothing to us.
  outputFileTracingRoot: path.resolve(import.meta.dirname),
  turbopack: { root: path.resolve(import.meta.dirname) },
  // Text is read by its language while running, so nothing that traces imports sees it.
  outputFileTracingIncludes: { "/*": ["./messages/**/*.json"] },
  // The types, of tests too, are for `scripts/web check`.
  typescript: { ignoreBuildErrors: true },
  poweredByHeader: false,
  reactStrictMode: true,
};

export default withNextIntl(config);
