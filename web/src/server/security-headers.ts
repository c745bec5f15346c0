/** What the browser is allowed for a page: only what comes from here, and only the scripts that carry the nonce. */
export function contentSecurityPolicy({ nonce, secure, development }: PolicyFacts): string {
  const directives = [
    "default-src 'self'",
    // While developing, React rebuilds the server's stack traces with eval.
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ""}`,
    `style-src 'self' 'nonce-${nonce}'`,
    // Where a menu opens is computed, and stands in its style attribute.
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ];
  if (secure) directives.push("upgrade-insecure-requests");
  return directives.join("; ");
}

export interface PolicyFacts {
  readonly nonce: string;
  /** Whether the app is reached by HTTPS. */
  readonly secure: boolean;
  readonly development: boolean;
}

/** The headers that every answer has. */
export function securityHeaders(secure: boolean): Record<string, string> {
  return {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    ...(secure && { "strict-transport-security": "max-age=31536000" }),
  };
}
