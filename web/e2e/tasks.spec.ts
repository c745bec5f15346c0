import { expect, type Page, test } from "@playwright/test";

import { add, circle, row, show, signUp, undo } from "./person";

let page: Page;

test.beforeAll(async ({ browser }) => {
  page = await browser.newPage();
  await signUp(page);
});

test.afterAll(() => page.close());

test("one line says all of a task, and what was understood can be taken back", async () => {
  await show(page, "All tasks");
  await page.getByRole("button", { name: "Add a task" }).first().click();
  const field = page.getByLabel("What has to be done?");
  await field.fill("pay rent every month on the 1st at 9:00 #home !high remind 1h before");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("Every month on the 1st")).toBeVisible();
  await expect(dialog.getByText("High")).toBeVisible();
  await dialog.getByRole("button", { name: /Take .*High.* as part of the title/i }).click();
  await expect(dialog.getByText("High")).toHaveCount(0);
  await field.fill("pay rent every month on the 1st at 9:00 #home remind 1h before");
  await field.press("Enter");
  const rent = row(page, "pay rent");
  await expect(rent).toBeVisible();
  await expect(rent.getByText("Repeats")).toBeAttached();
  await expect(rent.getByText("Has a reminder")).toBeAttached();
});

test("completing, editing and deleting can each be undone", async () => {
  await show(page, "All tasks");
  await add(page, "sweep the yard");
  await circle(page, "sweep the yard").click();
  await expect(row(page, "sweep the yard")).toHaveCount(0);
  await undo(page, "Completed “sweep the yard”");
  await expect(row(page, "sweep the yard")).toBeVisible();

  await row(page, "sweep the yard").getByText("sweep the yard").dblclick();
  await page.getByLabel("Title of “sweep the yard”").fill("sweep the street");
  await page.keyboard.press("Enter");
  await expect(row(page, "sweep the street")).toBeVisible();
  await undo(page, "Changed “sweep the street”");
  await expect(row(page, "sweep the yard")).toBeVisible();

  await row(page, "sweep the yard").focus();
  await page.keyboard.press("Delete");
  await expect(row(page, "sweep the yard")).toHaveCount(0);
  await undo(page, "Moved to trash: “sweep the yard”");
  await expect(row(page, "sweep the yard")).toBeVisible();
});

test("the trash keeps what was deleted, and gives it back", async () => {
  await show(page, "All tasks");
  await add(page, "throw away");
  await row(page, "throw away").focus();
  await page.keyboard.press("Delete");
  await show(page, "Trash");
  await page.getByRole("button", { name: "Restore “throw away”" }).click();
  await expect(row(page, "throw away")).toHaveCount(0);
  await show(page, "All tasks");
  await expect(row(page, "throw away")).toBeVisible();
});

test("search and filters stand in the address", async () => {
  await show(page, "All tasks");
  await add(page, "buy apples !low");
  await add(page, "buy pears !high");
  await page.getByRole("searchbox").fill("BUY PEA");
  await expect(row(page, "buy pears")).toBeVisible();
  await expect(row(page, "buy apples")).toHaveCount(0);
  await expect(page).toHaveURL(/q=/);
  await page.reload();
  await expect(row(page, "buy pears")).toBeVisible();
  await expect(row(page, "buy apples")).toHaveCount(0);
});

test("a recurring task comes back by itself when it is completed", async () => {
  await show(page, "All tasks");
  await add(page, "stretch every day");
  await expect(row(page, "stretch")).toContainText("Today");
  await circle(page, "stretch").click();
  await expect(row(page, "stretch")).toContainText("Tomorrow");
});

test("a reminder rings the bell", async () => {
  await show(page, "All tasks");
  const soon = new Date(Date.now() + 3_000).toISOString();
  const created = await page.evaluate(async (reminderAt) => {
    const answer = await fetch("/api/tasks", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ title: "call mum", priority: "medium", category: "home", reminderAt }),
    });
    return answer.status;
  }, soon);
  expect(created).toBe(201);
  await expect(row(page, "call mum")).toBeVisible();
  await expect(
    page
      .getByRole("button", { name: "Notifications, 1 unread" })
      .or(page.getByRole("link", { name: "Notifications, 1 unread" }))
      .first(),
  ).toBeVisible();
  await expect(page).toHaveTitle(/^\(1\) /);
});
