use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions, Connection};

use super::{Pools, TRUSTED_IDLE};
use crate::StoreError;
use crate::config::StoreConfig;

/// How long a transaction may stand still before the server ends it: a client that lost its
/// machine must not hold locks.
const IDLE_IN_TRANSACTION: Duration = Duration::from_mins(1);

/// How many statements a connection keeps prepared. All that this crate has fit in.
const STATEMENT_CACHE: usize = 256;

pub(super) async fn connect(config: &StoreConfig) -> Result<Pools, StoreError> {
    let options = PgConnectOptions::from_str(config.url.expose())
        .map_err(|error| StoreError::InvalidUrl {
            reason: error.to_string(),
        })?
        .application_name("errand")
        .disable_statement_logging();
    let settings = [
        ("search_path", "errand".to_owned()),
        (
            "statement_timeout",
            config.statement_timeout.as_millis().to_string(),
        ),
        (
            "idle_in_transaction_session_timeout",
            IDLE_IN_TRANSACTION.as_millis().to_string(),
        ),
    ];
    let (options, begin, begin_read) = if config.pooled {
        // A pooler refuses start-up parameters it does not know, and the session's state is not
        // ours: each transaction brings its own. One message holds it all, so it costs no trip.
        let local = settings.iter().fold(String::new(), |local, (name, value)| {
            format!("{local}; SET LOCAL {name} = {value}")
        });
        (
            options.extra_float_digits(None).statement_cache_capacity(0),
            format!("BEGIN{local}"),
            Some(format!("BEGIN READ ONLY{local}")),
        )
    } else {
        (
            options
                .options(settings)
                .statement_cache_capacity(STATEMENT_CACHE),
            "BEGIN".to_owned(),
            None,
        )
    };
    let pool = PgPoolOptions::new()
        .max_connections(config.max_connections.max(1))
        .acquire_timeout(config.acquire_timeout)
        .test_before_acquire(false)
        .before_acquire(|connection, usage| {
            Box::pin(async move {
                if usage.idle_for > TRUSTED_IDLE {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .connect_with(options)
        .await?;
    Ok(Pools::Postgres {
        pool,
        begin,
        begin_read,
        max_connections: config.max_connections.max(1),
    })
}
