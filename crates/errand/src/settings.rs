//! Everything that can be configured, read at once.
//!
//! Every section of every service is read in every process, so that one file serves them all and no
//! key is known to one and unknown to another.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use domain::AppId;
use realtime_service::config::RealtimeConfig;
use service_kit::config::{Config, ConfigErrors, Reader, Setting, Sources, environment};

use crate::web::WebSettings;

/// The configuration file that is read if no other is named.
const FILE: &str = "errand.toml";

/// What is configured.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What every service shares.
    pub kit: Config,
    /// How long things are kept.
    pub retention: backend_api::Settings,
    /// Live updates.
    pub realtime: RealtimeConfig,
    /// The web app.
    pub web: WebSettings,
    /// Where `errand up` keeps everything, if it was said.
    pub data_folder: Option<PathBuf>,
    /// All settings there are.
    pub all: Vec<Setting>,
}

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file cannot be read.
    #[error("cannot read the configuration file {}", file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// Something in it, or in the environment, is wrong.
    #[error(transparent)]
    Invalid(#[from] ConfigErrors),
}

impl Settings {
    /// Reads the configuration file, the one named or else `errand.toml` if it is there, and the
    /// process's environment.
    pub fn load(file: Option<&Path>) -> Result<Self, SettingsError> {
        let mut sources = Sources::from_environment(environment());
        let path = file.unwrap_or_else(|| Path::new(FILE));
        match fs::read_to_string(path) {
            Ok(text) => sources = sources.with_file(path.display().to_string(), text),
            Err(error) if error.kind() == io::ErrorKind::NotFound && file.is_none() => {}
            Err(source) => {
                return Err(SettingsError::File {
                    file: path.to_path_buf(),
                    source,
                });
            }
        }
        Ok(Self::read(sources)?)
    }

    /// Reads all sections from these sources.
    pub fn read(sources: Sources) -> Result<Self, ConfigErrors> {
        let mut reader = Reader::new(sources);
        let kit = Config::read(&mut reader);
        let retention = reader.only_for(AppId::BackendApi, backend_api::Settings::read);
        let realtime = reader.only_for(AppId::RealtimeService, RealtimeConfig::read);
        let web = WebSettings::read(&mut reader);
        let data_folder: Option<String> = reader.optional(
            "data.dir",
            "where `errand up` keeps everything; without it errand in the user's data folder",
        );
        Ok(Self {
            all: reader.finish()?,
            kit,
            retention,
            realtime,
            web,
            data_folder: data_folder.map(PathBuf::from),
        })
    }
}
