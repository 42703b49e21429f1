//! Visitors' credentials: the signed access token (15 minutes, bound to agent, origin, visitor and session) and the
//! resume secret (256 random bits, kept as a hash). RFC 8725 for the rules of the token: one algorithm, a type, a key id.

use std::fmt::Write;

use atthene_protocol::ids::{AgentId, SessionId, VisitorId};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::error::Error;
use crate::model::time::Timestamp;

/// What the token says; every field is checked on every request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitorClaims {
    /// Always `visitor`.
    pub typ: String,
    /// The agent.
    pub agent: AgentId,
    /// The concrete origin of the page.
    pub origin: String,
    /// Who talks.
    pub visitor: VisitorId,
    /// The conversation.
    pub session: SessionId,
    /// When it was issued, unix seconds.
    pub iat: i64,
    /// When it ends, unix seconds.
    pub exp: i64,
}

const TYPE: &str = "visitor";

/// Issues and verifies access tokens: the first secret signs, all verify.
pub struct TokenSigner {
    keys: Vec<SigningKey>,
    ttl_s: i64,
}

struct SigningKey {
    id: String,
    encoding: EncodingKey,
    decoding: DecodingKey,
}

impl TokenSigner {
    /// Takes the live secrets, the signing one first, and the life of a token in seconds.
    pub fn new<'a>(secrets: impl IntoIterator<Item = &'a str>, ttl_s: u32) -> Self {
        let keys = secrets
            .into_iter()
            .map(|secret| SigningKey {
                id: hash_secret(secret)[..12].to_owned(),
                encoding: EncodingKey::from_secret(secret.as_bytes()),
                decoding: DecodingKey::from_secret(secret.as_bytes()),
            })
            .collect();
        Self {
            keys,
            ttl_s: i64::from(ttl_s),
        }
    }

    /// A token for this visitor in this session, and when it ends.
    ///
    /// # Errors
    /// `Internal`, where no secret is configured or signing fails.
    pub fn issue(
        &self,
        agent: &AgentId,
        origin: &str,
        visitor: &VisitorId,
        session: &SessionId,
        now: Timestamp,
    ) -> Result<(String, Timestamp), Error> {
        let key = self
            .keys
            .first()
            .ok_or_else(|| Error::Internal("no token secret".to_owned()))?;
        let iat = now.0.div_euclid(1_000);
        let claims = VisitorClaims {
            typ: TYPE.to_owned(),
            agent: agent.clone(),
            origin: origin.to_owned(),
            visitor: visitor.clone(),
            session: session.clone(),
            iat,
            exp: iat + self.ttl_s,
        };
        let header = Header {
            kid: Some(key.id.clone()),
            ..Header::new(Algorithm::HS256)
        };
        let token = jsonwebtoken::encode(&header, &claims, &key.encoding)
            .map_err(|error| Error::Internal(format!("the token could not be signed: {error}")))?;
        Ok((token, Timestamp(claims.exp * 1_000)))
    }

    /// What a token says, if it is ours and still good at `now`.
    ///
    /// # Errors
    /// `TokenExpired`, `TokenInvalid`.
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<VisitorClaims, Error> {
        const NOT_OURS: Error = Error::TokenInvalid("The access token is not valid here; start or resume the session.");
        let kid = jsonwebtoken::decode_header(token)
            .ok()
            .and_then(|header| header.kid)
            .ok_or(NOT_OURS)?;
        let key = self.keys.iter().find(|key| key.id == kid).ok_or(NOT_OURS)?;
        let mut rules = Validation::new(Algorithm::HS256);
        // The expiry is compared with our own clock, which tests own.
        rules.validate_exp = false;
        let claims = jsonwebtoken::decode::<VisitorClaims>(token, &key.decoding, &rules)
            .map_err(|_| NOT_OURS)?
            .claims;
        if claims.typ != TYPE {
            return Err(NOT_OURS);
        }
        if now.0 >= claims.exp * 1_000 {
            return Err(Error::TokenExpired);
        }
        Ok(claims)
    }
}

/// A new resume secret: 256 random bits, base64url without padding (RFC 4648).
pub fn new_resume_secret() -> String {
    URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
}

/// How a secret is kept and looked up: SHA-256, hex. The secret has 256 random bits, so a plain hash is enough.
pub fn hash_secret(secret: &str) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(secret.as_bytes()) {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}
