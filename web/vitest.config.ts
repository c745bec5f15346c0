import path from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: {
    alias: {
      "@": path.resolve(import.meta.dirname, "src"),
      "@messages": path.resolve(import.meta.dirname, "messages"),
      // Next.js knows it; here nothing is for a browser.
      "server-only": path.resolve(import.meta.dirname, "test/server-only.ts"),
    },
  },
  test: {
    include: ["src/**/*.test.{ts,tsx}", "messages/**/*.test.ts"],
    environment: "node",
    // Dates must not depend on where a machine stands.
    env: { TZ: "UTC" },
  },
});
