//! What every service shares: AppCallback, sidecar client, outbox relay, auth, errors, configuration, telemetry, lifecycle.
