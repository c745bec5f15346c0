//! Requests that are safe to repeat: `request_id` (AIP-155).

use std::{future::Future, time::Duration};

use domain::{RequestId, Task, TaskId, UserId};
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use store::{ReadTx, StoreError, StoredRequest, UniqueKey};

use crate::{
    context::Context,
    error::{ApiError, ErrorKind},
    kit::{Kit, MOST_ATTEMPTS},
    work::UnitOfWork,
};

/// How long a request id is remembered.
pub const REQUEST_ID_LIFETIME: Duration = Duration::from_hours(24);

/// A request that may come twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repeatable {
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

impl Repeatable {
    /// A request that its client may repeat. `message` is the whole request: the same id with
    /// another one is a mistake of the client's.
    pub fn new(method: &'static str, request_id: RequestId, message: &impl prost::Message) -> Self {
        Self {
            method,
            request_id,
            hash: Sha256::digest(message.encode_to_vec()).into(),
        }
    }
}

impl Kit {
    /// Makes a change once. `body` makes it and does not commit; the request id is stored and
    /// committed with it.
    ///
    /// If the same request was made before, nothing happens and the answer is the task as it is
    /// now. If the id was used with another request, that is an error. Of two that come at the same
    /// moment one makes the change: the unique key decides which.
    pub async fn change_once<F, Fut>(
        &self,
        context: &Context,
        request: Option<&Repeatable>,
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
                Err(error) => return self.answered_meanwhile(context, request, error).await,
                Ok(task) => return Ok(task),
            }
        }
    }

    /// What a refused change answers. The first call with the same request id may have changed the
    /// task while this one waited for its lock, so that what was right then is refused now: it was
    /// made all the same.
    async fn answered_meanwhile(
        &self,
        context: &Context,
        request: Option<&Repeatable>,
        refusal: ApiError,
    ) -> Result<Task, ApiError> {
        let Some(request) = request.filter(|_| refusal.store_error().is_none()) else {
            return Err(refusal);
        };
        let read = self.read().await?;
        let made = made_before(&read, &context.user, request, self.now()).await?;
        made.ok_or(refusal)
    }
}

async fn attempt_once<F, Fut>(
    work: UnitOfWork,
    request: Option<&Repeatable>,
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
    if let Some(task) = made_before(work.tx(), work.user(), request, work.now()).await? {
        return Ok(task);
    }
    let Changed { work, task } = body(work).await?;
    remember(&work, request, task.id).await?;
    work.commit().await?;
    Ok(task)
}

/// The task that this request has changed or made before, as it is now.
async fn made_before(
    read: &ReadTx,
    user: &UserId,
    request: &Repeatable,
    now: Timestamp,
) -> Result<Option<Task>, ApiError> {
    let Some(stored) = read
        .request_find(user, request.method, request.request_id, now)
        .await?
    else {
        return Ok(None);
    };
    if stored.request_hash != request.hash {
        return Err(ApiError::new(ErrorKind::RequestIdReused).with_field("request_id"));
    }
    let task = read.task_get(user, stored.task_id).await?;
    task.map(Some).ok_or_else(|| ApiError::not_found("task"))
}

async fn remember(
    work: &UnitOfWork,
    request: &Repeatable,
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
