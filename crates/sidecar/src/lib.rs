//! The embedded Dapr sidecar: topics, state, cron, secrets and invocation for one machine, on SQLite.
