import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { createDatabase, type Replica, startReplica, type TestDatabase } from "../../test/auth-server";
import { GUESSES } from "./guessing-plugin";

const ann = { name: "Ann", email: "ann@example.org", password: "correct horse" };

// Nothing of it is in the database, so one kind is enough.
describe("guessing one account's password from everywhere", { timeout: 60_000 }, () => {
  let database: TestDatabase;
  let replica: Replica;

  beforeEach(async () => {
    vi.spyOn(console, "warn").mockImplementation(() => undefined);
    database = await createDatabase("sqlite");
    replica = await startReplica(database.url);
    await replica.post("sign-up/email", ann);
  });

  afterEach(async () => {
    vi.restoreAllMocks();
    await replica.close();
    await database.drop();
  });

  const signIn = async (password: string, email = ann.email) =>
    (await replica.post("sign-in/email", { email, password })).status;

  test("is slowed, also for the right one, and for no other account", async () => {
    for (let guess = 0; guess < GUESSES; guess++) expect(await signIn("a guess of mine")).toBe(401);
    expect([await signIn("a guess of mine"), await signIn(ann.password, " ANN@example.org")]).toEqual([429, 429]);
    expect(await signIn("a guess of mine", "ben@example.org")).toBe(401);
  });

  test("begins anew when somebody signs in well", async () => {
    for (let guess = 1; guess < GUESSES; guess++) await signIn("a guess of mine");
    expect([await signIn(ann.password), await signIn("a guess of mine")]).toEqual([200, 401]);
  });
});
