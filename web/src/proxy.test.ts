import { NextRequest } from "next/server";
import { afterEach, expect, test, vi } from "vitest";

import { config, proxy } from "./proxy";

afterEach(() => vi.unstubAllEnvs());

function answer(path: string, headers: Record<string, string> = {}, url = "https://errand.example") {
  vi.stubEnv("ERRAND_WEB_URL", url);
  return proxy(new NextRequest(`http://127.0.0.1:3000${path}`, { headers }));
}

const signedIn = { cookie: "__Secure-errand.session_token=anything" };

test("who has no session is led to sign in, and back from there", () => {
  const response = answer("/tasks?q=a");
  expect(response.status).toBe(307);
  expect(response.headers.get("location")).toBe("https://errand.example/sign-in?next=%2Ftasks%3Fq%3Da");
});

test("a laptop keeps the name by which it was reached", () => {
  const location = (host: string) => answer("/", { host }, "http://localhost:3000").headers.get("location");
  expect(location("127.0.0.1:3000")).toBe("http://127.0.0.1:3000/sign-in");
  expect(location("elsewhere.example")).toBe("http://localhost:3000/sign-in");
});

test.each(["/sign-in", "/sign-up", "/forgot-password", "/reset-password", "/api/tasks", "/api/auth/jwks"])(
  "%s answers by itself",
  (path) => {
    expect(answer(path).headers.get("location")).toBeNull();
  },
);

test("pages load from here alone, and scripts with the nonce of the request alone", () => {
  const [one, other] = [answer("/today", signedIn), answer("/today", signedIn)].map(policyOf);
  expect(one).toMatchObject({
    "default-src": "'self'",
    "script-src": expect.stringMatching(/^'self' 'nonce-[0-9a-f]{32}' 'strict-dynamic'$/) as string,
    "style-src": expect.stringMatching(/^'self' 'nonce-[0-9a-f]{32}'$/) as string,
    "style-src-attr": "'unsafe-inline'",
    "connect-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
  });
  expect(one?.["script-src"]).not.toBe(other?.["script-src"]);
});

test("the page learns its nonce and its address, whatever the browser says they are", () => {
  const { headers } = answer("/today?task=1", { ...signedIn, "x-nonce": "mine", "x-errand-path": "//elsewhere" });
  const nonce = headers.get("x-middleware-request-x-nonce");
  expect(headers.get("content-security-policy")).toContain(`'nonce-${nonce}'`);
  expect(headers.get("x-middleware-request-x-errand-path")).toBe("/today?task=1");
});

test("every answer has the other headers; HTTPS is for good where there is HTTPS", () => {
  for (const path of ["/today", "/sign-in", "/api/tasks"]) {
    expect(Object.fromEntries(answer(path).headers)).toMatchObject({
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "same-origin",
      "strict-transport-security": "max-age=31536000",
    });
  }
  expect(answer("/sign-in", {}, "http://localhost:3000").headers.get("strict-transport-security")).toBeNull();
});

test("the files of the build and the stream are left as they are", () => {
  const [matcher = ""] = config.matcher;
  const isMatched = (path: string) => new RegExp(`^${matcher}$`).test(path);
  expect(["/", "/today", "/api/auth/token", "/settings"].filter((path) => !isMatched(path))).toEqual([]);
  const left = ["/_next/static/a.js", "/icon.svg", "/manifest.webmanifest", "/errand.v1.UpdateService/StreamUpdates"];
  expect(left.filter(isMatched)).toEqual([]);
});

function policyOf(response: Response): Record<string, string> {
  const policy = response.headers.get("content-security-policy") ?? "";
  const directives = policy.split("; ").map((directive) => /^(\S+) ?(.*)$/.exec(directive) ?? []);
  return Object.fromEntries(directives.map(([, name = "", value = ""]) => [name, value]));
}
