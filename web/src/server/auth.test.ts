import { createLocalJWKSet, decodeProtectedHeader, jwtVerify, type JSONWebKeySet } from "jose";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { cookieOf, createDatabase, KINDS, type Replica, startReplica, type TestDatabase } from "../../test/auth-server";
import { mintToken } from "./auth";
import type { Mail } from "./mail";

const ann = { name: "Ann", email: "ann@example.org", password: "correct horse" };

describe.each(KINDS)("on %s", { timeout: 60_000 }, (kind) => {
  let database: TestDatabase;
  let replica: Replica;
  let mails: Mail[];
  let deleted: string[];
  let refusesToDelete: boolean;

  beforeEach(async () => {
    // What is refused here is logged, as it should be.
    for (const level of ["warn", "error"] as const) vi.spyOn(console, level).mockImplementation(() => undefined);
    [mails, deleted, refusesToDelete] = [[], [], false];
    database = await createDatabase(kind);
    const sendMail = (mail: Mail) => Promise.resolve(void mails.push(mail));
    const deleteData = (userId: string) => {
      if (refusesToDelete) return Promise.reject(new Error("the services are away"));
      deleted.push(userId);
      return Promise.resolve();
    };
    replica = await startReplica(database.url, {}, { sendMail, deleteData });
  });

  afterEach(async () => {
    vi.restoreAllMocks();
    await replica.close();
    await database.drop();
  });

  async function signUp() {
    const response = await replica.post("sign-up/email", ann);
    expect(response.status).toBe(200);
    const { user } = (await response.json()) as { user: { id: string } };
    return { userId: user.id, cookie: cookieOf(response), setCookie: response.headers.getSetCookie() };
  }

  const signIn = (password = ann.password) => replica.post("sign-in/email", { email: ann.email, password });
  const isSignedIn = async (cookie: string) => (await (await replica.get("get-session", cookie)).json()) !== null;

  test("a token says who and which session, and is verified by the published keys", async () => {
    const { userId, cookie } = await signUp();
    const { token } = (await (await replica.get("token", cookie)).json()) as { token: string };
    const keys = createLocalJWKSet((await (await replica.get("jwks")).json()) as JSONWebKeySet);
    const { payload } = await jwtVerify(token, keys, { issuer: replica.config.url, audience: "errand" });
    expect(decodeProtectedHeader(token).alg).toBe("EdDSA");
    expect(Object.keys(payload).sort()).toEqual(["aud", "exp", "iat", "iss", "sid", "sub"]);
    expect([payload.sub, (payload.exp ?? 0) - (payload.iat ?? 0)]).toEqual([userId, 300]);
    const minted = await mintToken(replica.auth, { sub: userId, sid: String(payload.sid) });
    const { payload: other } = await jwtVerify(minted, keys, { issuer: replica.config.url, audience: "errand" });
    expect({ ...other, iat: 0, exp: 0 }).toEqual({ ...payload, iat: 0, exp: 0 });
  });

  test("the cookie is for HTTPS, for no script, and not for other sites", async () => {
    const { setCookie } = await signUp();
    expect(setCookie).toHaveLength(1);
    expect(setCookie[0]).toMatch(/^__Secure-errand\.session_token=/);
    for (const attribute of ["HttpOnly", "Secure", "SameSite=Lax", "Path=/"]) expect(setCookie[0]).toContain(attribute);
  });

  test("a changed password ends the other sessions", async () => {
    const { cookie } = await signUp();
    const other = cookieOf(await signIn());
    const change = { currentPassword: ann.password, newPassword: "battery staple" };
    const response = await replica.post("change-password", change, cookie);
    expect(response.status).toBe(200);
    expect([await isSignedIn(other), await isSignedIn(cookieOf(response))]).toEqual([false, true]);
    expect([(await signIn()).status, (await signIn("battery staple")).status]).toEqual([401, 200]);
  });

  test("sessions are listed and ended one by one", async () => {
    const { cookie } = await signUp();
    const other = cookieOf(await signIn());
    const sessions = (await (await replica.get("list-sessions", cookie)).json()) as { token: string }[];
    expect(sessions).toHaveLength(2);
    const token = sessions.map((session) => session.token).find((one) => other.includes(encodeURIComponent(one)));
    expect((await replica.post("revoke-session", { token }, cookie)).status).toBe(200);
    expect([await isSignedIn(cookie), await isSignedIn(other)]).toEqual([true, false]);
  });

  test("a forgotten password is set anew by a mail's link, once, and all sessions end", async () => {
    const { cookie } = await signUp();
    await replica.post("request-password-reset", { email: ann.email });
    await replica.post("request-password-reset", { email: "nobody@example.org" });
    await expect.poll(() => mails.map((mail) => mail.to)).toEqual([ann.email]);
    const token = /\/reset-password\?token=(\S+)/.exec(mails[0]?.text ?? "")?.[1];
    const reset = () => replica.post("reset-password", { token, newPassword: "battery staple" });
    expect([(await reset()).status, (await reset()).status]).toEqual([200, 400]);
    expect([await isSignedIn(cookie), (await signIn("battery staple")).status]).toEqual([false, 200]);
  });

  test("an account ends after what the services keep, and stays where that fails", async () => {
    const { userId, cookie } = await signUp();
    expect((await replica.post("delete-user", { password: "wrong" }, cookie)).status).toBe(400);
    expect(deleted).toEqual([]);
    refusesToDelete = true;
    expect((await replica.post("delete-user", { password: ann.password }, cookie)).status).toBe(500);
    expect(await isSignedIn(cookie)).toBe(true);
    refusesToDelete = false;
    expect((await replica.post("delete-user", { password: ann.password }, cookie)).status).toBe(200);
    expect([deleted, await isSignedIn(cookie), (await signIn()).status]).toEqual([[userId], false, 401]);
  });

  test("another site's request with the cookie is refused", async () => {
    const { cookie } = await signUp();
    const response = await replica.auth.handler(
      new Request(`${replica.config.url}/api/auth/sign-out`, {
        method: "POST",
        headers: { cookie, origin: "https://elsewhere.example", "content-type": "application/json" },
        body: "{}",
      }),
    );
    expect([response.status, await isSignedIn(cookie)]).toEqual([403, true]);
  });

  test("guessing passwords from one place is slowed", async () => {
    await signUp();
    const guess = () =>
      replica.auth.handler(
        new Request(`${replica.config.url}/api/auth/sign-in/email`, {
          method: "POST",
          headers: { origin: replica.config.url, "x-forwarded-for": "192.0.2.1", "content-type": "application/json" },
          body: JSON.stringify({ email: ann.email, password: "a guess of mine" }),
        }),
      );
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 11; attempt++) statuses.push((await guess()).status);
    expect(statuses).toEqual([...Array<number>(10).fill(401), 429]);
  });
});
