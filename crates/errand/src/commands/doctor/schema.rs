//! Whether the database has the schema of this version.

use secrecy::ExposeSecret as _;
use store::StoreConfig;

use super::State;
use crate::{
    commands::{database, readable},
    settings::Settings,
};

/// Compares the migrations that the database has had with those of this version.
pub(super) async fn schema(place: &StoreConfig, settings: &Settings) -> State {
    let url = match &settings.kit.database.direct_url {
        Some(direct) => direct.expose_secret(),
        None => place.url.expose(),
    };
    match migrations::status(url).await {
        Ok(status) if !status.unknown.is_empty() => State::Broken(
            format!("a newer version was here: {}", status.unknown.join(", ")),
            "Use that version or a later one; an older one would damage the data.".into(),
        ),
        Ok(status) if !status.pending.is_empty() => State::Broken(
            format!("not up to date: {} to do", status.pending.join(", ")),
            if database::is_shared(settings) {
                "errand migrate".into()
            } else {
                "`errand up` does it when it starts.".into()
            },
        ),
        Ok(_) => State::Good("that of this version".into()),
        Err(error) => State::Broken(
            readable::error(&error),
            "See that the database runs and that its address and password are right.".into(),
        ),
    }
}
