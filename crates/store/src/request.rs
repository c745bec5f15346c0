//! Request ids, which make a change safe to repeat.

use domain::{RequestId, TaskId, UserId};
use jiff::Timestamp;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::entity::request_id;
use crate::row::Table;
use crate::{ReadTx, StoreError, Tx, UniqueKey, time};

const REQUEST_IDS: Table = Table("request_ids");

/// A request that has been answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRequest {
    /// Whose it was.
    pub user_id: UserId,
    /// The method, such as `CreateTask`.
    pub method: String,
    /// The id that the client chose.
    pub request_id: RequestId,
    /// A hash of the rest of the request.
    pub request_hash: Vec<u8>,
    /// The task it was about.
    pub task_id: TaskId,
    /// Until when it is remembered.
    pub expires_at: Timestamp,
}

impl ReadTx {
    /// The request of this id, if it was answered and is still remembered.
    pub async fn request_find(
        &self,
        user: &UserId,
        method: &str,
        request: RequestId,
        now: Timestamp,
    ) -> Result<Option<StoredRequest>, StoreError> {
        let row = request_id::Entity::find()
            .filter(request_id::Column::UserId.eq(user.as_str()))
            .filter(request_id::Column::Method.eq(method))
            .filter(request_id::Column::RequestId.eq(request.0))
            .filter(request_id::Column::ExpiresAt.gt(time::instant(now)))
            .one(&self.session)
            .await?;
        row.map(|row| {
            Ok(StoredRequest {
                user_id: user.clone(),
                method: row.method,
                request_id: request,
                request_hash: row.request_hash,
                task_id: TaskId(row.task_id),
                expires_at: REQUEST_IDS.instant(row.expires_at, "expires_at")?,
            })
        })
        .transpose()
    }
}

impl Tx {
    /// Remembers a request. If one of this id is remembered already, this is a
    /// [`StoreError::Conflict`] over [`UniqueKey::Request`]: another call with the same id has
    /// committed meanwhile, and [`ReadTx::request_find`] finds its answer.
    pub async fn request_insert(
        &self,
        request: &StoredRequest,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let inserted = self
            .session
            .change(
                "INSERT INTO request_ids AS r \
                 (user_id, method, request_id, request_hash, task_id, expires_at) \
                 VALUES ($1, $2, $3, $4, $5, $6) \
                 ON CONFLICT (user_id, method, request_id) DO UPDATE SET \
                 request_hash = excluded.request_hash, task_id = excluded.task_id, \
                 expires_at = excluded.expires_at WHERE r.expires_at <= $7",
                [
                    request.user_id.as_str().into(),
                    request.method.as_str().into(),
                    request.request_id.0.into(),
                    request.request_hash.clone().into(),
                    request.task_id.0.into(),
                    time::instant(request.expires_at).into(),
                    time::instant(now).into(),
                ],
            )
            .await?;
        if inserted == 1 {
            return Ok(());
        }
        self.session.fail();
        Err(StoreError::Conflict(UniqueKey::Request))
    }
}
