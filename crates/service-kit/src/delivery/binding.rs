//! Bindings that fire.

use std::error::Error;

use tracing::Instrument as _;

use super::Consumer;
use crate::{handler::HandleError, service::BindingRoute};

/// What became of a binding's event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BindingOutcome {
    /// The handler ran.
    Ran,
    /// The last run goes on, so that this one was not needed.
    Skipped,
    /// The handler failed.
    Failed,
}

impl Consumer {
    /// Runs the handler of a binding unless it is running.
    pub(crate) async fn fire(&self, route: &BindingRoute) -> BindingOutcome {
        let Some(_run) = route.begin() else {
            self.count_tick(route.name, "skipped");
            return BindingOutcome::Skipped;
        };
        let correlation_id = self.kit.ids().correlation_id();
        let span = tracing::info_span!(
            "binding",
            service = self.kit.app().as_str(),
            binding = route.name,
            correlation_id = %correlation_id,
        );
        async {
            match self.guard(route.handler.run()).await {
                Ok(()) => {
                    self.count_tick(route.name, "success");
                    BindingOutcome::Ran
                }
                Err(error) => {
                    let is_expected = matches!(error, HandleError::Transient(_));
                    if is_expected {
                        tracing::warn!(error = &error as &dyn Error, "the binding failed");
                    } else {
                        tracing::error!(error = &error as &dyn Error, "the binding failed");
                    }
                    self.count_tick(route.name, "failed");
                    BindingOutcome::Failed
                }
            }
        }
        .instrument(span)
        .await
    }

    fn count_tick(&self, binding: &'static str, outcome: &'static str) {
        let labels = [
            ("service", self.kit.app().as_str()),
            ("binding", binding),
            ("outcome", outcome),
        ];
        metrics::counter!("errand_binding_ticks_total", &labels).increment(1);
    }
}
