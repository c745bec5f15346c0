import "server-only";

import { createTransport } from "nodemailer";

import type { MailConfig } from "./config";

/** A mail of plain text. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

export type SendMail = (mail: Mail) => Promise<void>;

/** Sends mail by the configured server. */
export function mailBySmtp(config: MailConfig): SendMail {
  const transport = createTransport(config.smtpUrl);
  return async (mail) => {
    await transport.sendMail({ ...mail, from: config.from });
  };
}

/** What someone gets who forgot a password. It is in English: whose it is has no language on record here. */
export function resetMail(user: { name: string; email: string }, link: string): Mail {
  return {
    to: user.email,
    subject: "Set a new password for Errand",
    text: [
      `Hello ${user.name},`,
      "someone, probably you, asked to set a new password for your account. Open this link within an hour:",
      link,
      "If it was not you, there is nothing to do: your password stays as it is.",
    ].join("\n\n"),
  };
}
