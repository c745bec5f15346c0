//! What a token says, and whether it holds now.

use std::time::Duration;

use domain::UserId;
use jiff::Timestamp;
use serde::Deserialize;

use super::{Rejection, VerifiedToken};

/// The claims that count (RFC 7519 §4.1). The others are not looked at.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Claims {
    pub(super) iss: Option<String>,
    sub: Option<String>,
    aud: Option<Audience>,
    exp: Option<f64>,
    nbf: Option<f64>,
    jti: Option<String>,
}

/// `aud` is one text or a list of them.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

/// What an issuer's tokens must say.
#[derive(Debug, Clone)]
pub(super) struct Demands {
    pub(super) issuer: Option<String>,
    pub(super) audience: Option<String>,
    pub(super) leeway: Duration,
}

impl Demands {
    /// Whether the claims hold at `now`.
    pub(super) fn check(&self, claims: Claims, now: Timestamp) -> Result<VerifiedToken, Rejection> {
        let issuer_holds = self.issuer.is_none() || self.issuer == claims.iss;
        let audience_holds = self
            .audience
            .as_ref()
            .is_none_or(|demanded| match &claims.aud {
                Some(Audience::One(audience)) => audience == demanded,
                Some(Audience::Many(audiences)) => audiences.contains(demanded),
                None => false,
            });
        if !issuer_holds || !audience_holds {
            return Err(Rejection::Invalid);
        }
        let expires_at = claims
            .exp
            .and_then(numeric_date)
            .ok_or(Rejection::Invalid)?;
        let not_before = match claims.nbf {
            Some(seconds) => Some(numeric_date(seconds).ok_or(Rejection::Invalid)?),
            None => None,
        };
        if not_before.is_some_and(|time| {
            now.saturating_add(self.leeway)
                .is_ok_and(|latest| latest < time)
        }) {
            return Err(Rejection::Invalid);
        }
        let user = claims
            .sub
            .and_then(|sub| UserId::parse(&sub).ok())
            .ok_or(Rejection::Invalid)?;
        if expires_at
            .saturating_add(self.leeway)
            .is_ok_and(|end| end <= now)
        {
            return Err(Rejection::Expired);
        }
        let token_id = claims.jti.filter(|id| is_token_id(id));
        Ok(VerifiedToken {
            user,
            token_id,
            issuer: claims.iss,
            expires_at,
        })
    }
}

/// A token's id goes into every event its bearer causes, so it is bounded; one that is not is left
/// out.
fn is_token_id(id: &str) -> bool {
    (1..=128).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Seconds since 1970, with or without a fraction (RFC 7519 §2, `NumericDate`).
fn numeric_date(seconds: f64) -> Option<Timestamp> {
    if !seconds.is_finite() || seconds.abs() > 253_402_000_000.0 {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the range was checked, and half a second does not matter"
    )]
    Timestamp::from_second(seconds.floor() as i64).ok()
}
