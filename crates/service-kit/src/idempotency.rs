//! Requests that are safe to repeat: `request_id` (AIP-155).

use std::{future::Future, time::Duration};

use domain::{RequestId, Task, TaskId};
use sha2::{Digest as _, Sha256};
use store::{StoreError, StoredRequest, UniqueKey};

use crate::{
    context::Context,
    error::{ApiError, ErrorKind},
    kit::{Kit, MOST_ATTEMPTS},
    work::UnitOfWork,
};

/// How long a request id is remembered.
pub const REQUEST_ID_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// A request that may come twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepeatableRequest {
    /// The method. The same id may be used once with each.
    pub method: &'static str,
    /// The id that the client chose.
    pub request_id: RequestId,
    /// What the client asked for.
    pub hash: [u8; 32],
}

/// What a change leaves behind: its unit of work, not yet committed, and the task as it is now.
#[derive(Debug)]
pub struct Changed {
    /// To be committed.
    pub work: UnitOfWork,
    /// The task.
    pub task: Task,
}

impl RepeatableRequest {
    /// Reads the request id of `request`, which is empty if the client does not want to repeat it.
    pub fn new(
        method: &'static str,
        request_id: &str,
        request: &impl prost::Message,
    ) -> Result<Option<Self>, ApiError> {
        if request_id.is_empty() {
            return Ok(None);
        }
        let request_id = request_id.parse().map_err(|error: domain::ParseIdError| {
            ApiError::invalid_field("request_id", error.to_string())
        })?;
        let hash = Sha256::digest(request.encode_to_vec()).into();
        Ok(Some(Self {
            method,
            request_id,
            hash,
        }))
    }
}

impl Kit {
    /// Makes a change once. `body` makes it and does not commit; the request id is stored and committed with it.
    ///
    /// If the same request was made before, nothing happens and the answer is the task as it is now. If the id was used
    /// with another request, that is an error. Of two that come at the same moment one makes the change: the unique key
    /// decides which.
    pub async fn change_once<F, Fut>(
        &self,
        context: &Context,
        request: Option<&RepeatableRequest>,
        mut body: F,
    ) -> Result<Task, ApiError>
    where
        F: FnMut(UnitOfWork) -> Fut,
        Fut: Future<Output = Result<Changed, ApiError>>,
    {
        let mut attempt = 1;
        loop {
            let outcome = match self.begin(context).await {
                Ok(work) => attempt_once(work, request, &mut body).await,
                Err(error) => Err(error.into()),
            };
            match outcome {
                Err(error)
                    if attempt < MOST_ATTEMPTS
                        && (error.is_contention() || lost_the_race(&error)) =>
                {
                    self.pause_before_retry(attempt, &error).await;
                    attempt += 1;
                }
                outcome => return outcome,
            }
        }
    }
}

async fn attempt_once<F, Fut>(
    work: UnitOfWork,
    request: Option<&RepeatableRequest>,
    body: &mut F,
) -> Result<Task, ApiError>
where
    F: FnMut(UnitOfWork) -> Fut,
    Fut: Future<Output = Result<Changed, ApiError>>,
{
    let Some(request) = request else {
        let Changed { work, task } = body(work).await?;
        work.commit().await?;
        return Ok(task);
    };
    if let Some(task_id) = made_before(&work, request).await? {
        let user = work.user().clone();
        return work
            .tx()
            .task_get(&user, task_id)
            .await?
            .ok_or_else(|| ApiError::not_found("task"));
    }
    let Changed { work, task } = body(work).await?;
    remember(&work, request, task.id).await?;
    work.commit().await?;
    Ok(task)
}

async fn made_before(
    work: &UnitOfWork,
    request: &RepeatableRequest,
) -> Result<Option<TaskId>, ApiError> {
    let stored = work
        .tx()
        .request_find(work.user(), request.method, request.request_id, work.now())
        .await?;
    match stored {
        None => Ok(None),
        Some(stored) if stored.request_hash == request.hash => Ok(Some(stored.task_id)),
        Some(_) => Err(ApiError::new(ErrorKind::RequestIdReused)),
    }
}

async fn remember(
    work: &UnitOfWork,
    request: &RepeatableRequest,
    task_id: TaskId,
) -> Result<(), ApiError> {
    let stored = StoredRequest {
        user_id: work.user().clone(),
        method: request.method.to_owned(),
        request_id: request.request_id,
        request_hash: request.hash.to_vec(),
        task_id,
        expires_at: work
            .now()
            .saturating_add(REQUEST_ID_LIFETIME)
            .map_err(ApiError::internal)?,
    };
    work.tx().request_insert(&stored, work.now()).await?;
    Ok(())
}

fn lost_the_race(error: &ApiError) -> bool {
    matches!(
        error.store_error(),
        Some(StoreError::Conflict(UniqueKey::Request))
    )
}
