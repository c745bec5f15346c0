//! `errand.v1.AccountService`.

use proto::{
    request::DeleteAccount,
    v1::{self, account_service_server::AccountService},
    wkt,
};
use service_kit::{ApiError, Context};
use tonic::{Request, Response, Status, async_trait};

use crate::{accounts::Accounts, answer::answer};

/// Serves accounts by gRPC.
#[derive(Clone, Debug)]
pub(crate) struct AccountGrpc {
    accounts: Accounts,
}

impl AccountGrpc {
    pub(crate) fn new(accounts: Accounts) -> Self {
        Self { accounts }
    }

    async fn delete_account_with(
        &self,
        context: &Context,
        request: &v1::DeleteAccountRequest,
    ) -> Result<v1::DeleteAccountResponse, ApiError> {
        // Only the caller's own account: the request has to repeat whose it is.
        DeleteAccount::parse(request, &context.user)?;
        let deleted_at = self.accounts.delete(context).await?;
        Ok(v1::DeleteAccountResponse {
            deleted_at: Some(wkt::Timestamp::from(deleted_at)),
        })
    }
}

#[async_trait]
impl AccountService for AccountGrpc {
    async fn delete_account(
        &self,
        request: Request<v1::DeleteAccountRequest>,
    ) -> Result<Response<v1::DeleteAccountResponse>, Status> {
        let context = Context::of(&request)?;
        answer(self.delete_account_with(&context, request.get_ref()).await)
    }
}
