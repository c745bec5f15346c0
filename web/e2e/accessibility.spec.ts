import { createRequire } from "node:module";

import type { AxeResults, RunOptions } from "axe-core";
import { expect, type Page, test } from "@playwright/test";

import { add, signUp } from "./person";

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const PAGES = ["/today", "/upcoming", "/overdue", "/tasks", "/completed", "/trash", "/notifications", "/settings"];

/** What axe finds on a page, in words that name the element. Its script runs outside of the page's own policy. */
async function violations(page: Page): Promise<string[]> {
  await page.addScriptTag({ path: axe });
  const results = await page.evaluate(
    (options) => (globalThis as unknown as { axe: { run: (o: RunOptions) => Promise<AxeResults> } }).axe.run(options),
    { runOnly: TAGS } satisfies RunOptions,
  );
  return results.violations.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${node.html} (${node.failureSummary ?? ""})`),
  );
}

// axe is put into the page, which the page's own policy would forbid.
test.use({ bypassCSP: true });

for (const colorScheme of ["light", "dark"] as const) {
  test(`nothing on any page is out of reach, ${colorScheme}`, async ({ browser }) => {
    const page = await browser.newPage({ colorScheme, bypassCSP: true });
    for (const path of ["/sign-in", "/sign-up", "/forgot-password"]) {
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      expect(await violations(page), path).toEqual([]);
    }
    await signUp(page);
    await add(page, "pay rent every month on the 1st at 9:00 #bills !high remind 1h before");
    for (const path of PAGES) {
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expect(page.getByText("Loading")).toHaveCount(0);
      expect(await violations(page), path).toEqual([]);
    }
    await page.close();
  });
}
