import { defineConfig } from "@playwright/test";

/** The whole of Errand in a browser. `scripts/with-web` starts it once for all of them. */
export default defineConfig({
  testDir: "e2e",
  outputDir: "test-results",
  // They share one system, and two processors.
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  use: {
    baseURL: process.env.ERRAND_TEST_WEB_URL ?? "http://localhost:3000",
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    launchOptions: { executablePath: process.env.ERRAND_TEST_CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] },
  },
});
