import { expect, test } from "@playwright/test";

import { add, anotherBrowser, circle, row, show, signUp } from "./person";

test("what happens in one browser is seen in the other", async ({ page, browser }) => {
  const person = await signUp(page);
  await show(page, "All tasks");
  const [context, other] = await anotherBrowser(browser, person);
  await show(other, "All tasks");

  await add(page, "seen at once");
  await expect(row(other, "seen at once")).toBeVisible();
  await circle(other, "seen at once").click();
  await expect(row(page, "seen at once")).toHaveCount(0);
  await context.close();
});

test("a browser that was offline goes on where it stopped", async ({ page, context, browser }) => {
  const person = await signUp(page);
  await show(page, "All tasks");
  await add(page, "before");
  await expect(row(page, "before")).toBeVisible();
  const [elsewhere, other] = await anotherBrowser(browser, person);
  await show(other, "All tasks");

  await context.setOffline(true);
  await expect(page.getByText("You are offline. What you see is the last known state.")).toBeVisible();
  await add(other, "meanwhile");
  await circle(other, "before").click();
  await expect(row(other, "before")).toHaveCount(0);
  await expect(row(page, "before")).toBeVisible();

  await context.setOffline(false);
  await expect(row(page, "meanwhile")).toBeVisible();
  await expect(row(page, "before")).toHaveCount(0);
  await elsewhere.close();
});
