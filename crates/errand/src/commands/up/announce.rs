//! What `errand up` says when it is ready.

use std::{
    io::{self, Write as _},
    net::SocketAddr,
    sync::Arc,
    time::Duration,
};

use service_kit::Lifecycle;

use crate::{data_folder::DataFolder, embedded::Embedded, web::WebApp};

/// How long it is waited for the web app. The services are of use without it.
const WEB_PATIENCE: Duration = Duration::from_mins(1);

/// What is said, and of what.
pub(super) struct Announcement {
    /// The services.
    pub(super) embedded: Arc<Embedded>,
    /// The web app, if there is one.
    pub(super) web: Option<WebApp>,
    /// Where the data is.
    pub(super) folder: DataFolder,
    /// The address of backend-api.
    pub(super) backend: SocketAddr,
    /// The life of the process.
    pub(super) lifecycle: Lifecycle,
}

impl Announcement {
    /// One line for the web app and for each service as it becomes ready, then what to do next.
    pub(super) async fn print(&self) -> io::Result<()> {
        if let Some(web) = &self.web {
            let is_healthy = tokio::select! {
                is_healthy = web.becomes_healthy(WEB_PATIENCE) => is_healthy,
                () = self.lifecycle.draining() => return Ok(()),
            };
            let how = if is_healthy {
                ""
            } else {
                "  (does not answer yet: see its lines in the log)"
            };
            writeln!(io::stdout().lock(), "{:<22}{}{how}", "web", web.url())?;
        }
        for (app, address) in self.embedded.addresses() {
            self.embedded.ready(*app).await;
            if self.lifecycle.is_draining() {
                return Ok(());
            }
            writeln!(io::stdout().lock(), "{:<22}{address}", app.as_str())?;
        }
        self.print_ready()
    }

    fn print_ready(&self) -> io::Result<()> {
        let (folder, backend) = (self.folder.path().display(), self.backend);
        let mut out = io::stdout().lock();
        writeln!(
            out,
            "ready: the task API answers at {backend}, the data is in {folder}\n\n\
             Try it:"
        )?;
        if let Some(web) = &self.web {
            writeln!(out, "  open {} in a browser and sign up", web.url())?;
        }
        writeln!(
            out,
            "  T=$(errand token --user alice --data-dir {folder})\n  \
             grpcurl -plaintext {backend} list\n  \
             grpcurl -plaintext -H \"authorization: Bearer $T\" -d '{{\"task\": {{\"title\": \"Water the plants\"}}}}' \\\n    \
             {backend} errand.v1.TaskService/CreateTask"
        )
    }
}
