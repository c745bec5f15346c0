import "server-only";

import { type BetterAuthOptions, betterAuth } from "better-auth";
import { createAuthMiddleware } from "better-auth/api";
import { getMigrations } from "better-auth/db/migration";
import { genericOAuth } from "better-auth/plugins/generic-oauth";
import { jwt } from "better-auth/plugins/jwt";

import type { Config } from "./config";
import { type Database, exclusively } from "./database";
import { slowGuessing } from "./guessing-plugin";
import { resetMail, type SendMail } from "./mail";
import { COOKIE_PREFIX } from "./public-facts";
import { isLocalhost, ownOrigins } from "./own-origins";
import { signUpPolicy } from "./sign-up-plugin";

/** Whom the services take a token of the web app to be for. */
export const AUDIENCE = "errand";

/** How long a token is good; a stream ends with it and is opened with a new one. */
export const TOKEN_SECONDS = 5 * 60;

/** The provider that a configured OpenID Connect issuer is known as, in its callback's address too. */
export const OIDC_PROVIDER = "oidc";

export const PASSWORD_LENGTH = { min: 10, max: 128 } as const;

const DAY = 24 * 60 * 60;

/** What the outside of sign-in is done by. */
export interface Surroundings {
  readonly sendMail: SendMail | undefined;
  /** Removes what the services keep of a person, before the person is removed here. */
  readonly deleteData: (userId: string) => Promise<void>;
}

export type Auth = ReturnType<typeof createAuth>;

/** People, sessions and tokens. */
export function createAuth(config: Config, database: Database, surroundings: Surroundings) {
  return betterAuth(authOptions(config, database, surroundings));
}

/** Creates and extends the tables; of several processes that start at once, one does. */
export async function migrate(config: Config, database: Database, surroundings: Surroundings): Promise<void> {
  await exclusively(database, async (locked) => {
    const { runMigrations } = await getMigrations(authOptions(config, locked, surroundings));
    await runMigrations();
  });
}

/** A token by which the services know a person, with the same claims as one of `/api/auth/token`. */
export async function mintToken(auth: Auth, who: { sub: string; sid?: string }): Promise<string> {
  const payload = { iat: Math.floor(Date.now() / 1000), ...who };
  const { token } = await auth.api.signJWT({ body: { payload } });
  return token;
}

function authOptions(config: Config, database: Database, { sendMail, deleteData }: Surroundings) {
  return {
    appName: "Errand",
    baseURL: config.url,
    secret: config.secret,
    database,
    trustedOrigins: ownOrigins(config.url),
    telemetry: { enabled: false },
    logger: { level: "warn" },
    emailAndPassword: {
      enabled: true,
      minPasswordLength: PASSWORD_LENGTH.min,
      maxPasswordLength: PASSWORD_LENGTH.max,
      revokeSessionsOnPasswordReset: true,
      resetPasswordTokenExpiresIn: 60 * 60,
      ...(sendMail && {
        sendResetPassword: async ({ user, token }) => {
          await sendMail(resetMail(user, `${config.url}/reset-password?token=${token}`));
        },
      }),
    },
    user: { deleteUser: { enabled: true, beforeDelete: (user) => deleteData(user.id) } },
    session: { expiresIn: 30 * DAY, updateAge: DAY },
    advanced: {
      cookiePrefix: COOKIE_PREFIX,
      useSecureCookies: !isLocalhost(config.url),
      // Said, as it would be another default in a test.
      disableOriginCheck: false,
      disableCSRFCheck: false,
      defaultCookieAttributes: { sameSite: "lax", httpOnly: true },
    },
    rateLimit: {
      enabled: true,
      // With PostgreSQL there may be replicas, which then count together.
      storage: database.type === "postgres" ? "database" : "memory",
      window: 60,
      max: 300,
      customRules: {
        "/sign-in/*": { window: 60, max: 10 },
        "/sign-up/*": { window: 60, max: 20 },
        "/change-password": { window: 60, max: 10 },
        "/delete-user": { window: 60, max: 10 },
        "/reset-password": { window: 60, max: 10 },
        "/request-password-reset": { window: 60, max: 5 },
      },
    },
    hooks: { before: endOtherSessions },
    plugins: [
      signUpPolicy(config.signUp),
      slowGuessing(),
      jwt({
        jwks: { keyPairConfig: { alg: "EdDSA", crv: "Ed25519" }, rotationInterval: 30 * DAY, gracePeriod: 30 * DAY },
        jwt: {
          issuer: config.url,
          audience: AUDIENCE,
          expirationTime: `${TOKEN_SECONDS}s`,
          definePayload: ({ session }) => ({ sid: session.id }),
        },
        disableSettingJwtHeader: true,
      }),
      ...(config.oidc
        ? [
            genericOAuth({
              config: [
                {
                  providerId: OIDC_PROVIDER,
                  name: config.oidc.name,
                  discoveryUrl: `${config.oidc.issuer.replace(/\/+$/, "")}/.well-known/openid-configuration`,
                  clientId: config.oidc.clientId,
                  clientSecret: config.oidc.clientSecret,
                  scopes: ["openid", "email", "profile"],
                  pkce: true,
                  requireIdTokenVerification: true,
                },
              ],
            }),
          ]
        : []),
    ],
  } satisfies BetterAuthOptions;
}

/** Whoever changes a password may do so because someone else knows it: all other sessions end. */
const endOtherSessions = createAuthMiddleware((context) => {
  const change = context.path === "/change-password";
  const body = { ...(context.body as object | undefined), revokeOtherSessions: true };
  return Promise.resolve(change ? { context: { body } } : undefined);
});
