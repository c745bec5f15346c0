import path from "node:path";
import { defineConfig } from "vitest/config";

// What people with code rely on, against a whole Errand that runs: ERRAND_TEST_WEB_URL and ERRAND_TEST_TOKEN say where,
// and by which token. Sign-up is open there, as the tests of cookies need a person.
export default defineConfig({
  resolve: { alias: { "@": path.resolve(import.meta.dirname, "src") } },
  test: {
    include: ["contract/**/*.test.ts"],
    environment: "node",
    env: { TZ: "UTC" },
    testTimeout: 60_000,
    fileParallelism: false,
  },
});
