import { randomUUID } from "node:crypto";

import { type Browser, type BrowserContext, expect, type Locator, type Page } from "@playwright/test";

export const PASSWORD = "a sentence is good";

/** Somebody who has an account. */
export interface Person {
  name: string;
  email: string;
}

/** Makes an account by the page on which people do, and leaves the page on the tasks of today. */
export async function signUp(page: Page, name = "Ann"): Promise<Person> {
  const person = { name, email: `${name.toLowerCase()}-${randomUUID()}@example.org` };
  await page.goto("/sign-up");
  await page.getByLabel("Name").fill(person.name);
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Make account" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Today" })).toBeVisible();
  return person;
}

export async function signIn(page: Page, person: Person, password = PASSWORD): Promise<void> {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail").fill(person.email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

export async function signOut(page: Page, person: Person): Promise<void> {
  await page.getByRole("button", { name: `Account of ${person.name}` }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
}

/** Another browser of the same person: nothing is shared but the account. */
export async function anotherBrowser(browser: Browser, person: Person): Promise<[BrowserContext, Page]> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await signIn(page, person);
  await expect(page.getByRole("heading", { level: 1, name: "Today" })).toBeVisible();
  return [context, page];
}

/** Goes to one of the views by the navigation at the side. */
export async function show(page: Page, view: string): Promise<void> {
  await page.getByRole("navigation", { name: "Views" }).getByRole("link", { name: view }).click();
  await expect(page.getByRole("heading", { level: 1, name: view })).toBeVisible();
}

/** Adds a task by the line in which one writes it. */
export async function add(page: Page, line: string): Promise<void> {
  await page.getByRole("button", { name: "Add a task" }).first().click();
  const field = page.getByLabel("What has to be done?");
  await field.fill(line);
  await field.press("Enter");
  await expect(field).toBeHidden();
}

/** The row of a task. */
export function row(page: Page, title: string): Locator {
  return page.getByRole("row").filter({ has: page.getByText(title, { exact: true }) });
}

/** The circle that completes a task, or reopens it. */
export function circle(page: Page, title: string): Locator {
  return page.getByRole("checkbox", { name: new RegExp(`^(Complete|Reopen) “${title}”$`) });
}

/** Takes back what a message tells of. */
export async function undo(page: Page, told: string): Promise<void> {
  const message = page.getByRole("listitem").filter({ hasText: told });
  await message.getByRole("button", { name: "Undo" }).click();
}
