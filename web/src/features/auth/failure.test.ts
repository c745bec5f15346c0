import { expect, test } from "vitest";

import { placed } from "./failure";

test.each([
  ["INVALID_EMAIL", "email", "emailInvalid"],
  ["USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL", "email", "emailTaken"],
  ["INVALID_EMAIL_OR_PASSWORD", null, "wrong"],
  ["INVITATION_NEEDED", null, "invitationNeeded"],
  ["429", null, "tooMany"],
  ["UNREACHABLE", null, "unreachable"],
  ["500", null, "failed"],
  ["NEVER_HEARD_OF", null, "failed"],
])("%s is said at %s as %s", (code, field, failure) => {
  expect(placed(code)).toEqual({ field, failure });
});
