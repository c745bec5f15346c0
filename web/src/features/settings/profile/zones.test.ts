import { expect, test } from "vitest";

import { describeZone, isZone, listZones, sameZone } from "./zones";

const winter = new Date("2026-12-01T12:00:00Z");

test("zones come by their offset, then by their city", () => {
  const zones = listZones("en", "Europe/Berlin", winter).map((zone) => zone.id);
  expect(zones.indexOf("America/New_York")).toBeLessThan(zones.indexOf("UTC"));
  expect(zones.indexOf("Europe/Amsterdam")).toBeLessThan(zones.indexOf("Europe/Berlin"));
  expect(zones.indexOf("Europe/Berlin")).toBeLessThan(zones.indexOf("Asia/Tokyo"));
});

test("the zone that is set is there, under its own name", () => {
  expect(listZones("en", "Asia/Calcutta", winter).some((zone) => zone.id === "Asia/Calcutta")).toBe(true);
});

test("a zone is described in the reader's language", () => {
  expect(describeZone("America/New_York", "de", winter)).toEqual({
    id: "America/New_York",
    city: "New York",
    name: "Nordamerikanische Ostküsten-Normalzeit",
    offset: "GMT-5",
  });
});

test("two names can be of one zone", () => {
  expect(sameZone("Europe/Kiev", "Europe/Kyiv")).toBe(true);
  expect(sameZone("Europe/Berlin", "Europe/Paris")).toBe(false);
  expect(sameZone("Nowhere/Else", "UTC")).toBe(false);
  expect(isZone("Nowhere/Else")).toBe(false);
});
