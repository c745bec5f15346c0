import { expect, test } from "vitest";

import { ConfigError, readConfig } from "./config";

const needed = {
  ERRAND_WEB_SECRET: "0123456789abcdef0123456789abcdef",
  ERRAND_WEB_DATABASE_URL: "sqlite:///data/web.db",
};

test("little has to be said", () => {
  expect(readConfig(needed)).toEqual({
    url: "http://localhost:3000",
    secret: needed.ERRAND_WEB_SECRET,
    database: { kind: "sqlite", path: "/data/web.db" },
    sidecar: { url: "http://127.0.0.1:50001", apiToken: undefined },
    realtimeUrl: "http://127.0.0.1:8004",
    signUp: "first",
    mail: undefined,
    oidc: undefined,
  });
});

test("the address follows the port, and has no slash at its end", () => {
  expect(readConfig({ ...needed, PORT: "8080" }).url).toBe("http://localhost:8080");
  expect(readConfig({ ...needed, ERRAND_WEB_URL: "https://Errand.example/" }).url).toBe("https://errand.example");
});

test("an empty variable counts as none", () => {
  expect(readConfig({ ...needed, ERRAND_WEB_SIGN_UP: "", DAPR_API_TOKEN: "" })).toEqual(readConfig(needed));
});

test("another provider is named by its host where nothing else is said", () => {
  const oidc = {
    ERRAND_WEB_OIDC_ISSUER: "https://login.example/realm",
    ERRAND_WEB_OIDC_CLIENT_ID: "errand",
    ERRAND_WEB_OIDC_CLIENT_SECRET: "quiet",
  };
  const { issuer, name } = readConfig({ ...needed, ...oidc }).oidc ?? {};
  expect([issuer, name]).toEqual(["https://login.example/realm", "login.example"]);
});

test("all that is wrong is said at once, by name and without the secret", () => {
  const wrong = {
    PORT: "many",
    ERRAND_WEB_URL: "https://errand.example/tasks",
    ERRAND_WEB_SECRET: "too short",
    ERRAND_WEB_DATABASE_URL: "mysql://here",
    DAPR_GRPC_PORT: "70000",
    ERRAND_WEB_REALTIME_URL: "ftp://there",
    ERRAND_WEB_SIGN_UP: "maybe",
    ERRAND_WEB_SMTP_URL: "mail.example",
    ERRAND_WEB_PASSKEYS: "yes",
  };
  expect(problemsOf(wrong)).toEqual([
    "PORT: must be a port",
    "ERRAND_WEB_URL: must have no path",
    "ERRAND_WEB_SECRET: must have 32 bytes or more",
    "ERRAND_WEB_DATABASE_URL: must be sqlite:///folder/web.db or postgres://…",
    "DAPR_GRPC_PORT: must be a port",
    "ERRAND_WEB_REALTIME_URL: must be a URL of http or https",
    "ERRAND_WEB_SIGN_UP: must be one of first, open, invitation, closed",
    "ERRAND_WEB_SMTP_URL: must be a URL of smtp or smtps",
    "ERRAND_WEB_PASSKEYS: must be true or false",
  ]);
});

test("what is needed is named", () => {
  expect(problemsOf({})).toEqual([
    "ERRAND_WEB_SECRET: is needed: 32 random bytes or more, kept secret",
    "ERRAND_WEB_DATABASE_URL: is needed: sqlite:///folder/web.db or postgres://…",
  ]);
  expect(
    problemsOf({ ...needed, ERRAND_WEB_SMTP_URL: "smtp://mail", ERRAND_WEB_OIDC_ISSUER: "https://a.example" }),
  ).toEqual([
    "ERRAND_WEB_MAIL_FROM: is needed with ERRAND_WEB_SMTP_URL",
    "ERRAND_WEB_OIDC_CLIENT_ID: is needed with ERRAND_WEB_OIDC_ISSUER",
    "ERRAND_WEB_OIDC_CLIENT_SECRET: is needed with ERRAND_WEB_OIDC_ISSUER",
  ]);
});

test("browsers keep a cookie of sign-in by HTTPS alone, but on this machine", () => {
  expect(problemsOf({ ...needed, ERRAND_WEB_URL: "http://errand.example" })).toEqual([
    "ERRAND_WEB_URL: must begin with https, or browsers keep nobody signed in; http is for localhost",
  ]);
  expect(readConfig({ ...needed, ERRAND_WEB_URL: "http://127.0.0.1:9" }).url).toBe("http://127.0.0.1:9");
});

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}
