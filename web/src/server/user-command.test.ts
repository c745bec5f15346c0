import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { cookieOf, createDatabase, KINDS, type Replica, startReplica, type TestDatabase } from "../../test/auth-server";
import { runUserCommand } from "./user-command";

const ann = { name: "Ann", email: "ann@example.org", password: "correct horse" };
const bob = { name: "Bob", email: "bob@example.org", password: "battery staple" };

describe.each(KINDS)("on %s", { timeout: 60_000 }, (kind) => {
  let database: TestDatabase;
  let replica: Replica;

  beforeEach(async () => {
    for (const level of ["warn", "error"] as const) vi.spyOn(console, level).mockImplementation(() => undefined);
    database = await createDatabase(kind);
    replica = await startReplica(database.url);
    expect((await replica.post("sign-up/email", ann)).status).toBe(200);
  });

  afterEach(async () => {
    vi.restoreAllMocks();
    await replica.close();
    await database.drop();
  });

  const linkOf = async (...given: string[]) => new URL(await runUserCommand(replica, given));

  test("whoever has the link of an invitation signs up with it, once", async () => {
    const link = await linkOf("invite");
    expect([link.origin, link.pathname]).toEqual([new URL(replica.config.url).origin, "/sign-up"]);
    const invitation = link.searchParams.get("invitation");
    expect((await replica.post("sign-up/email", { ...bob, invitation })).status).toBe(200);
    const again = { ...bob, email: "carol@example.org", invitation };
    expect((await replica.post("sign-up/email", again)).status).toBe(403);
  });

  test("an invitation for an address is for no other", async () => {
    const invitation = (await linkOf("invite", "Bob@Example.org")).searchParams.get("invitation");
    const other = { ...bob, email: "carol@example.org", invitation };
    expect((await replica.post("sign-up/email", other)).status).toBe(403);
    expect((await replica.post("sign-up/email", { ...bob, invitation })).status).toBe(200);
  });

  test("the link of a reset sets a new password, once, and ends the sessions", async () => {
    const cookie = cookieOf(await replica.post("sign-in/email", ann));
    const link = await linkOf("reset", "Ann@Example.org");
    expect(link.pathname).toBe("/reset-password");
    const reset = { token: link.searchParams.get("token"), newPassword: "battery staple" };
    expect((await replica.post("reset-password", reset)).status).toBe(200);
    expect(await (await replica.get("get-session", cookie)).json()).toBeNull();
    expect((await replica.post("sign-in/email", ann)).status).toBe(401);
    expect((await replica.post("sign-in/email", { ...ann, password: "battery staple" })).status).toBe(200);
    expect((await replica.post("reset-password", reset)).status).toBe(400);
  });

  test("who is not there has no password to set", async () => {
    await expect(runUserCommand(replica, ["reset", bob.email])).rejects.toThrow(bob.email);
  });

  test.each([[[]], [["reset"]], [["invite", "one", "two"]], [["remove", ann.email]]])(
    "%j is no command",
    async (given) => {
      await expect(runUserCommand(replica, given)).rejects.toThrow("usage");
    },
  );
});

test("where sign-up is closed, an invitation would be of no use", async () => {
  const database = await createDatabase("sqlite");
  const replica = await startReplica(database.url, { ERRAND_WEB_SIGN_UP: "closed" });
  await expect(runUserCommand(replica, ["invite"])).rejects.toThrow("ERRAND_WEB_SIGN_UP");
  await replica.close();
  await database.drop();
});
