import { afterEach, beforeEach, describe, expect, test } from "vitest";

import {
  type Changed,
  createDatabase,
  KINDS,
  type Replica,
  startReplica,
  type TestDatabase,
} from "../../test/auth-server";
import { invite, signUpState } from "./sign-up";

const person = (name: string) => ({ name, email: `${name}@example.org`, password: "correct horse" });

describe.each(KINDS)("on %s", { timeout: 60_000 }, (kind) => {
  // A file is one process's, which waits for itself if it opens it twice.
  const replicaCount = kind === "sqlite" ? 1 : 4;

  let database: TestDatabase;
  let replicas: Replica[];

  beforeEach(async () => {
    database = await createDatabase(kind);
    replicas = [];
  });

  afterEach(async () => {
    await Promise.all(replicas.map((replica) => replica.close()));
    await database.drop();
  });

  async function start(changed: Changed = {}): Promise<Replica> {
    const replica = await startReplica(database.url, changed);
    replicas.push(replica);
    return replica;
  }

  async function startAtOnce(): Promise<[Replica, ...Replica[]]> {
    const [first, ...others] = [start(), ...Array.from({ length: replicaCount - 1 }, () => start())];
    return [await first, ...(await Promise.all(others))];
  }

  async function signUp(replica: Replica, name: string, extra: object = {}): Promise<string> {
    const response = await replica.post("sign-up/email", { ...person(name), ...extra });
    if (response.ok) return "welcome";
    const { code } = (await response.json()) as { code: string };
    return `${response.status} ${code}`;
  }

  const adapterOf = async (replica: Replica) => (await replica.auth.$context).adapter;

  test("of many who would be the first at once, one is", async () => {
    const started = await startAtOnce();
    const first = await adapterOf(started[0]);
    expect(await signUpState(first, "first")).toBe("first");
    const attempts = [0, 1].flatMap((round) => started.map((one, n) => signUp(one, `person${round}of${n}`)));
    const outcomes = await Promise.all(attempts);
    expect(outcomes.filter((outcome) => outcome === "welcome")).toHaveLength(1);
    expect(new Set(outcomes)).toEqual(new Set(["welcome", "403 INVITATION_NEEDED"]));
    expect(await first.count({ model: "user" })).toBe(1);
    expect(await signUpState(first, "first")).toBe("invitation");
  });

  test("after the first, an invitation lets one person in, once", async () => {
    const replica = await start();
    expect(await signUp(replica, "ann")).toBe("welcome");
    const invitation = await invite(await adapterOf(replica), undefined);
    // Without one, nobody learns who has an account.
    expect(await signUp(replica, "ann")).toBe("403 INVITATION_NEEDED");
    expect(await signUp(replica, "ann", { invitation })).toBe("422 USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL");
    const outcomes = await Promise.all(["ben", "cleo"].map((name) => signUp(replica, name, { invitation })));
    expect(outcomes.sort()).toEqual(["403 INVITATION_INVALID", "welcome"]);
    expect(await signUp(replica, "dan", { invitation: "of nobody" })).toBe("403 INVITATION_INVALID");
  });

  test("an invitation for an address is for no other, and ends after a week", async () => {
    const replica = await start({ ERRAND_WEB_SIGN_UP: "invitation" });
    expect(await signUp(replica, "ann")).toBe("403 INVITATION_NEEDED");
    const adapter = await adapterOf(replica);
    const invitation = await invite(adapter, "Ben@Example.org");
    expect(await signUp(replica, "ann", { invitation })).toBe("403 INVITATION_INVALID");
    expect(await signUp(replica, "ben", { invitation })).toBe("welcome");
    const eightDaysAgo = new Date(Date.now() - 8 * 24 * 60 * 60 * 1000);
    expect(await signUp(replica, "cleo", { invitation: await invite(adapter, undefined, eightDaysAgo) })).toBe(
      "403 INVITATION_INVALID",
    );
  });

  test("closed is closed, also to an invitation; open is open", async () => {
    const closed = await start({ ERRAND_WEB_SIGN_UP: "closed" });
    const invitation = await invite(await adapterOf(closed), undefined);
    expect(await signUp(closed, "ann", { invitation })).toBe("403 SIGN_UP_CLOSED");
    const open = await start({ ERRAND_WEB_SIGN_UP: "open" });
    expect(await Promise.all(["ann", "ben"].map((name) => signUp(open, name)))).toEqual(["welcome", "welcome"]);
  });

  test("replicas that start at once make the tables once, and later ones find them", async () => {
    const started = [...(await startAtOnce()), await start()];
    const counts = await Promise.all(started.map(async (one) => (await adapterOf(one)).count({ model: "user" })));
    expect(counts).toEqual(started.map(() => 0));
  });
});
