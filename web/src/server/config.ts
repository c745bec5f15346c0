import "server-only";

import { z } from "zod";

import { isLocalhost } from "./own-origins";

/** Who may have an account: until there is a first person, everyone, those with an invitation, no one more. */
export const SIGN_UP_POLICIES = ["first", "open", "invitation", "closed"] as const;

export type SignUpPolicy = (typeof SIGN_UP_POLICIES)[number];

/** Where the web app keeps people and sessions. */
export type DatabaseAddress = { kind: "sqlite"; path: string } | { kind: "postgres"; url: string };

/** Another place that people may sign in with, by OpenID Connect. */
export interface OidcConfig {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** What the button on the sign-in page says. */
  readonly name: string;
}

/** How mail leaves; without it, a forgotten password is a matter for the operator. */
export interface MailConfig {
  readonly smtpUrl: string;
  readonly from: string;
}

/** All that the web app is told from outside. */
export interface Config {
  /** The public address, without a slash at its end. */
  readonly url: string;
  readonly secret: string;
  readonly database: DatabaseAddress;
  /** The web app's own Dapr sidecar. */
  readonly sidecar: { readonly url: string; readonly apiToken: string | undefined };
  /** Where the stream of updates is served, without a slash at its end. */
  readonly realtimeUrl: string;
  readonly signUp: SignUpPolicy;
  readonly mail: MailConfig | undefined;
  readonly oidc: OidcConfig | undefined;
}

/** What is wrong with the variables: all of it, each by name. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";

  constructor(readonly problems: readonly string[]) {
    super(`the web app's configuration is wrong:\n${problems.map((problem) => `  ${problem}`).join("\n")}`);
  }
}

/**
 * Reads the variables of an environment. An empty one counts as not given.
 *
 * @throws {ConfigError} naming every variable that is wrong
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const result = variables.safeParse(given);
  const problems = result.success
    ? incomplete(result.data)
    : result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  if (!result.success || problems.length > 0) throw new ConfigError(problems);
  return configOf(result.data);
}

let known: Config | undefined;

/** The configuration of this process, read once. */
export function config(): Config {
  known ??= readConfig(process.env);
  return known;
}

const port = z.coerce
  .number("must be a port")
  .int("must be a port")
  .min(1, "must be a port")
  .max(65535, "must be a port");

const httpUrl = z.url({ protocol: /^https?$/, error: "must be a URL of http or https" });

const origin = httpUrl
  .refine((url) => new URL(url).pathname === "/" && !/[?#]/.test(url), "must have no path")
  .refine(
    (url) => url.startsWith("https:") || isLocalhost(url),
    "must begin with https, or browsers keep nobody signed in; http is for localhost",
  )
  .transform((url) => new URL(url).origin);

const database = z.string("is needed: sqlite:///folder/web.db or postgres://…").transform((text, context) => {
  if (/^postgres(ql)?:\/\/./.test(text)) return { kind: "postgres", url: text } as const;
  const path = /^sqlite:\/\/(\/.+)$/.exec(text)?.[1];
  if (path) return { kind: "sqlite", path } as const;
  context.addIssue({ code: "custom", message: "must be sqlite:///folder/web.db or postgres://…" });
  return z.NEVER;
});

const variables = z.object({
  PORT: port.default(3000),
  ERRAND_WEB_URL: origin.optional(),
  ERRAND_WEB_SECRET: z
    .string("is needed: 32 random bytes or more, kept secret")
    .refine((secret) => Buffer.byteLength(secret) >= 32, "must have 32 bytes or more"),
  ERRAND_WEB_DATABASE_URL: database,
  DAPR_GRPC_PORT: port.default(50001),
  DAPR_API_TOKEN: z.string().optional(),
  ERRAND_WEB_REALTIME_URL: httpUrl.default("http://127.0.0.1:8004"),
  ERRAND_WEB_SIGN_UP: z.enum(SIGN_UP_POLICIES, `must be one of ${SIGN_UP_POLICIES.join(", ")}`).default("first"),
  ERRAND_WEB_SMTP_URL: z.url({ protocol: /^smtps?$/, error: "must be a URL of smtp or smtps" }).optional(),
  ERRAND_WEB_MAIL_FROM: z.string().optional(),
  ERRAND_WEB_OIDC_ISSUER: httpUrl.optional(),
  ERRAND_WEB_OIDC_CLIENT_ID: z.string().optional(),
  ERRAND_WEB_OIDC_CLIENT_SECRET: z.string().optional(),
  ERRAND_WEB_OIDC_NAME: z.string().optional(),
  ERRAND_WEB_PASSKEYS: z
    .enum(["true", "false"], "must be true or false")
    .default("false")
    .refine((value) => value === "false", "must be false: this version has no passkeys"),
});

type Variables = z.output<typeof variables>;

/** Variables that are missing because another one is given. */
function incomplete(given: Variables): string[] {
  return [
    ["ERRAND_WEB_SMTP_URL", "ERRAND_WEB_MAIL_FROM"] as const,
    ["ERRAND_WEB_OIDC_ISSUER", "ERRAND_WEB_OIDC_CLIENT_ID"] as const,
    ["ERRAND_WEB_OIDC_ISSUER", "ERRAND_WEB_OIDC_CLIENT_SECRET"] as const,
  ]
    .filter(([cause, needed]) => given[cause] !== undefined && given[needed] === undefined)
    .map(([cause, needed]) => `${needed}: is needed with ${cause}`);
}

function configOf(given: Variables): Config {
  return {
    url: given.ERRAND_WEB_URL ?? `http://localhost:${given.PORT}`,
    secret: given.ERRAND_WEB_SECRET,
    database: given.ERRAND_WEB_DATABASE_URL,
    sidecar: { url: `http://127.0.0.1:${given.DAPR_GRPC_PORT}`, apiToken: given.DAPR_API_TOKEN },
    realtimeUrl: given.ERRAND_WEB_REALTIME_URL.replace(/\/+$/, ""),
    signUp: given.ERRAND_WEB_SIGN_UP,
    mail: mailOf(given.ERRAND_WEB_SMTP_URL, given.ERRAND_WEB_MAIL_FROM),
    oidc: oidcOf(given),
  };
}

function mailOf(smtpUrl: string | undefined, from: string | undefined): MailConfig | undefined {
  return smtpUrl !== undefined && from !== undefined ? { smtpUrl, from } : undefined;
}

function oidcOf(given: Variables): OidcConfig | undefined {
  const {
    ERRAND_WEB_OIDC_ISSUER: issuer,
    ERRAND_WEB_OIDC_CLIENT_ID: clientId,
    ERRAND_WEB_OIDC_CLIENT_SECRET: clientSecret,
    ERRAND_WEB_OIDC_NAME: name,
  } = given;
  if (issuer === undefined || clientId === undefined || clientSecret === undefined) return undefined;
  return { issuer, clientId, clientSecret, name: name ?? new URL(issuer).hostname };
}
