import { expect, test } from "vitest";

import { checkEmail, checkPassword } from "./check";

test.each([
  ["", "emailMissing"],
  ["  ", "emailMissing"],
  ["ann", "emailInvalid"],
  ["ann@example", "emailInvalid"],
  ["ann @example.org", "emailInvalid"],
  [" ann@example.org ", undefined],
  ["ann+errand@mail.example.org", undefined],
])("the address %j: %s", (email, error) => {
  expect(checkEmail(email)).toBe(error);
});

test.each([
  ["", "passwordMissing"],
  ["123456789", "passwordShort"],
  ["1234567890", undefined],
  ["x".repeat(128), undefined],
  ["x".repeat(129), "passwordLong"],
])("a password of this length: %s", (password, error) => {
  expect(checkPassword(password, { min: 10, max: 128 })).toBe(error);
});
