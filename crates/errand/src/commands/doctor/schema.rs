//! Whether the database has the schema of this version.

use secrecy::ExposeSecret as _;

use super::State;
use crate::{
    cli::InFolder,
    commands::{database, readable},
    settings::Settings,
};

/// Compares the migrations that the database has had with those of this version.
pub(super) async fn schema(folder: &InFolder, settings: &Settings) -> State {
    let database = &settings.kit.database;
    let url = match database.direct_url.as_ref().or(database.url.as_ref()) {
        Some(url) => url.expose_secret().to_owned(),
        None => match database::place(folder, settings) {
            Ok(place) => place.url.expose().to_owned(),
            Err(error) => {
                return State::Attention(format!("{error:#}"), "`errand up` makes it.".into());
            }
        },
    };
    match migrations::status(&url).await {
        Ok(status) if !status.unknown.is_empty() => State::Broken(
            format!("a newer version was here: {}", status.unknown.join(", ")),
            "Use that version or a later one; an older one would damage the data.".into(),
        ),
        Ok(status) if !status.pending.is_empty() => State::Broken(
            format!("not up to date: {} to do", status.pending.join(", ")),
            if database.url.is_some() {
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
