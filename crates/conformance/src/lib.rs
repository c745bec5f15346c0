//! What a Dapr sidecar must do, stated as tests that run against any of them.
