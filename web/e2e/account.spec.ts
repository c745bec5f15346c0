import { expect, test } from "@playwright/test";

import { add, circle, row, show, signIn, signOut, signUp } from "./person";

test("a person signs up, does a task, signs out, and finds everything again", async ({ page }) => {
  const person = await signUp(page);
  await add(page, "water the plants today");
  await expect(row(page, "water the plants")).toBeVisible();

  await signOut(page, person);
  await expect(page).toHaveURL(/\/sign-in/);
  await page.goto("/today");
  await expect(page).toHaveURL(/\/sign-in/);

  await signIn(page, person, "not the password");
  await expect(page.getByText("E-mail or password is wrong.")).toBeVisible();
  await signIn(page, person);
  await expect(row(page, "water the plants")).toBeVisible();
  await circle(page, "water the plants").click();
  await show(page, "Completed");
  await expect(row(page, "water the plants")).toBeVisible();
});

test("what is wrong with a new account is said at its field", async ({ page }) => {
  await page.goto("/sign-up");
  await page.getByLabel("E-mail").fill("ann");
  await page.getByLabel("Password", { exact: true }).fill("short");
  await page.getByRole("button", { name: "Make account" }).click();
  await expect(page.getByText("Enter your name.")).toBeVisible();
  await expect(page.getByText("This is no e-mail address, such as ann@example.org.")).toBeVisible();
  await expect(page.getByText("Use at least 10 characters.")).toBeVisible();
  await expect(page.getByLabel("Name")).toBeFocused();
});

test("a session that has ended leads to signing in, and back", async ({ page, context }) => {
  const person = await signUp(page);
  await show(page, "Upcoming");
  await context.clearCookies();
  await page.goto("/upcoming");
  await expect(page).toHaveURL(/\/sign-in\?.*upcoming/);
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill("a sentence is good");
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Upcoming" })).toBeVisible();
});

test("the address of another person's task shows nothing of it", async ({ page, browser }) => {
  await signUp(page, "Ann");
  await add(page, "a secret of ann");
  await row(page, "a secret of ann").getByText("a secret of ann").click();
  await expect(page).toHaveURL(/task=/);
  const address = page.url();

  const context = await browser.newContext();
  const other = await context.newPage();
  await signUp(other, "Bob");
  await other.goto(address);
  await expect(other.getByText("This task could not be opened")).toBeVisible();
  await expect(other.getByText("a secret of ann")).toHaveCount(0);
  await context.close();
});
