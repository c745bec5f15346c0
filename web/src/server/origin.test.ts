import { describe, expect, it } from "vitest";

import { isChange, isOwnPage } from "@/server/origin";

const URL_OF_ERRAND = "https://errand.example";

function change(headers: Record<string, string>, body: BodyInit | null = "{}") {
  return new Request(`${URL_OF_ERRAND}/api/tasks`, { method: "POST", headers, body });
}

const json = { "content-type": "application/json", "content-length": "2" };

describe("a change with a cookie", () => {
  it.each([
    ["from our own page", { ...json, "sec-fetch-site": "same-origin" }],
    ["from a browser without Sec-Fetch-Site", { ...json, origin: "https://errand.example" }],
    [
      "with a charset",
      { ...json, "content-type": "application/json; charset=utf-8", origin: "https://errand.example" },
    ],
    ["in Connect's binary form", { ...json, "content-type": "application/proto", "sec-fetch-site": "same-origin" }],
  ])("passes %s", (_, headers) => {
    expect(isOwnPage(change(headers), URL_OF_ERRAND)).toBe(true);
  });

  it.each([
    ["without Origin and Sec-Fetch-Site", json],
    ["from another site", { ...json, "sec-fetch-site": "cross-site", origin: "https://evil.example" }],
    ["from a sibling of our site", { ...json, "sec-fetch-site": "same-site", origin: "https://other.errand.example" }],
    ["typed into the address bar", { ...json, "sec-fetch-site": "none" }],
    ["from another origin of an old browser", { ...json, origin: "https://evil.example" }],
    ["from a page without an origin", { ...json, origin: "null" }],
    ["from our name by plain HTTP", { ...json, origin: "http://errand.example" }],
    ["from another port", { ...json, origin: "https://errand.example:8443" }],
    ["as a form", { "content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin" }],
    ["as a form with files", { "content-type": "multipart/form-data; boundary=x", "sec-fetch-site": "same-origin" }],
    ["as plain text", { "content-type": "text/plain;charset=UTF-8", "sec-fetch-site": "same-origin" }],
    [
      "as JSON in the parameters only",
      { "content-type": "text/plain; a=application/json", "sec-fetch-site": "same-origin" },
    ],
  ])("is refused %s", (_, headers) => {
    expect(isOwnPage(change(headers), URL_OF_ERRAND)).toBe(false);
  });

  it("needs a type only where it has a body", () => {
    const headers = { "sec-fetch-site": "same-origin" };
    expect(isOwnPage(change(headers, null), URL_OF_ERRAND)).toBe(true);
    expect(isOwnPage(change({ ...headers, "content-length": "2", "content-type": "" }), URL_OF_ERRAND)).toBe(false);
    expect(isOwnPage(change({ ...headers, "transfer-encoding": "chunked" }, null), URL_OF_ERRAND)).toBe(false);
  });

  it("takes localhost and 127.0.0.1 for one where Errand runs on this machine", () => {
    const from = (origin: string, url: string) => isOwnPage(change({ ...json, origin }), url);
    expect(from("http://127.0.0.1:3000", "http://localhost:3000")).toBe(true);
    expect(from("http://localhost:3000", "http://127.0.0.1:3000")).toBe(true);
    expect(from("http://127.0.0.1:3001", "http://localhost:3000")).toBe(false);
    expect(from("https://127.0.0.1:3000", "http://localhost:3000")).toBe(false);
    expect(from("http://127.0.0.1:3000", "http://errand.example:3000")).toBe(false);
  });
});

describe("reading", () => {
  it("changes nothing", () => {
    expect(["GET", "HEAD", "OPTIONS"].map(isChange)).toEqual([false, false, false]);
    expect(["POST", "PUT", "PATCH", "DELETE"].map(isChange)).toEqual([true, true, true, true]);
  });
});
