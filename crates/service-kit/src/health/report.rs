//! Whether the process should be sent requests, part by part.

use std::time::Duration;

use serde::Serialize;

use super::Health;

/// How long the database may take to answer.
const DATABASE_TIMEOUT: Duration = Duration::from_secs(2);

/// What `/ready` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Whether every part is in order.
    pub ready: bool,
    /// The parts.
    pub parts: Vec<Part>,
}

/// One thing that must be in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Part {
    /// What it is.
    pub name: &'static str,
    /// What is wrong with it; absent if nothing is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

impl Health {
    /// Looks at everything.
    pub async fn report(&self) -> Report {
        let mut parts = vec![
            Part::new("process", self.process()),
            Part::new("secrets", self.secrets()),
            Part::new("database", self.database().await),
            Part::new("subscriptions", self.subscriptions.problem()),
        ];
        parts.extend(
            self.checks
                .iter()
                .map(|check| Part::new(check.name(), check.check())),
        );
        Report {
            ready: parts.iter().all(|part| part.problem.is_none()),
            parts,
        }
    }

    fn process(&self) -> Result<(), String> {
        if self.lifecycle.is_draining() {
            Err("ending".into())
        } else {
            Ok(())
        }
    }

    fn secrets(&self) -> Result<(), String> {
        self.resources
            .seal()
            .map(|_| ())
            .ok_or_else(|| "not there yet".into())
    }

    async fn database(&self) -> Result<(), String> {
        let store = self.resources.store().ok_or("not there yet")?;
        match tokio::time::timeout(DATABASE_TIMEOUT, store.ping()).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err(format!("no answer within {DATABASE_TIMEOUT:?}")),
        }
    }
}

impl Part {
    fn new(name: &'static str, outcome: Result<(), String>) -> Self {
        Self {
            name,
            problem: outcome.err(),
        }
    }
}
