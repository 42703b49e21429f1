//! Access tokens and resume secrets (BAR.md T1 to T3): their ends, their secrets' rotation, and every byte of them.

use atthene_protocol::ids::{AgentId, SessionId, VisitorId};
use atthene_server::domain::error::Error;
use atthene_server::domain::visitors::{TokenSigner, hash_secret, new_resume_secret};
use atthene_server::model::time::Timestamp;
use atthene_tests::TestApp;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

const SHOP: &str = "https://shop.example";
const OLD: &str = "the-old-secret-of-thirty-two-characters-and-more";
const NEW: &str = "the-new-secret-of-thirty-two-characters-and-more";
const NOW: Timestamp = Timestamp(1_760_000_000_000);
const TTL_S: u32 = 900;
const DAY_S: i64 = 24 * 60 * 60;

fn token_of(signer: &TokenSigner) -> String {
    let (agent, visitor) = (AgentId("agt_1".to_owned()), VisitorId("vis_1".to_owned()));
    let session = SessionId("sess_1".to_owned());
    signer.issue(&agent, SHOP, &visitor, &session, NOW).unwrap().0
}

#[test]
fn a_token_is_good_until_its_last_millisecond_and_not_after() {
    let signer = TokenSigner::new([OLD], TTL_S);
    let token = token_of(&signer);
    let claims = signer.verify(&token, NOW).unwrap();
    assert_eq!((claims.origin.as_str(), claims.agent.as_str()), (SHOP, "agt_1"));
    let end_ms = i64::from(TTL_S) * 1_000;
    assert!(signer.verify(&token, NOW.plus_ms(end_ms - 1)).is_ok());
    for late_ms in [end_ms, end_ms + 1, i64::from(u32::MAX) * 1_000] {
        let refused = signer.verify(&token, NOW.plus_ms(late_ms));
        assert!(matches!(refused, Err(Error::TokenExpired)), "{late_ms}");
    }
}

#[test]
fn a_token_with_any_one_character_changed_is_refused() {
    let signer = TokenSigner::new([OLD], TTL_S);
    let token = token_of(&signer);
    for at in 0..token.len() {
        for other in ['A', 'B', '_', '.', '=', ' '] {
            let mut changed: Vec<char> = token.chars().collect();
            if changed[at] == other {
                continue;
            }
            changed[at] = other;
            let changed: String = changed.into_iter().collect();
            let refused = signer.verify(&changed, NOW);
            assert!(
                matches!(refused, Err(Error::TokenInvalid(_))),
                "{at} {other}: {changed}"
            );
        }
        assert!(signer.verify(&token[..at], NOW).is_err());
    }
}

#[test]
fn secrets_can_be_exchanged_while_tokens_are_out() {
    let old = token_of(&TokenSigner::new([OLD], TTL_S));
    let both = TokenSigner::new([NEW, OLD], TTL_S);
    assert!(both.verify(&old, NOW).is_ok());
    let new = token_of(&both);
    let after = TokenSigner::new([NEW], TTL_S);
    assert!(after.verify(&new, NOW).is_ok(), "the first secret signs");
    assert!(after.verify(&old, NOW).is_err(), "a secret that is taken out is out");
    assert!(TokenSigner::new([OLD], TTL_S).verify(&new, NOW).is_err());
}

#[test]
fn resume_secrets_are_long_random_and_kept_as_a_hash() {
    let secrets: std::collections::BTreeSet<String> = (0..1_000).map(|_| new_resume_secret()).collect();
    assert_eq!(secrets.len(), 1_000);
    for secret in &secrets {
        // 256 bits in base64url.
        assert_eq!(secret.len(), 43);
        assert_eq!(hash_secret(secret).len(), 64);
        assert!(!hash_secret(secret).contains(secret.as_str()));
    }
}

async fn renew(visitor: &atthene_tests::TestVisitor) -> StatusCode {
    let body = json!({ "resume": visitor.resume });
    let renewed = visitor.session_request(Method::POST, "/token").json(&body);
    renewed.send().await.unwrap().status()
}

#[tokio::test]
async fn two_tabs_share_a_resume_secret_and_using_it_does_not_use_it_up() {
    let app = TestApp::start().await;
    let first = app.visitor(SHOP).start().await;
    for _ in 0..3 {
        let mut tab = app.visitor(SHOP);
        tab.resume.clone_from(&first.resume);
        let tab = tab.start().await;
        assert_eq!((&tab.session_id, &tab.resume), (&first.session_id, &first.resume));
        assert_eq!(renew(&first).await, StatusCode::OK);
        assert_eq!(
            first.send("", "x").await.status(),
            StatusCode::UNPROCESSABLE_ENTITY,
            "still let in"
        );
    }
}

#[tokio::test]
async fn a_resume_secret_lives_thirty_days_after_its_last_use() {
    let app = TestApp::start().await;
    let visitor = app.visitor(SHOP).start().await;
    for _ in 0..3 {
        app.clock.advance_s(29 * DAY_S);
        assert_eq!(renew(&visitor).await, StatusCode::OK);
    }
    app.clock.advance_s(30 * DAY_S + 1);
    assert_eq!(renew(&visitor).await, StatusCode::UNAUTHORIZED);
    let mut late = app.visitor(SHOP);
    late.resume.clone_from(&visitor.resume);
    let late = late.start().await;
    assert_ne!(late.session_id, visitor.session_id);
    assert_ne!(late.resume, visitor.resume, "an old secret is not taken over");
}

#[tokio::test]
async fn a_token_counts_in_the_one_authorization_header_alone() {
    let app = TestApp::start().await;
    let visitor = app.visitor(SHOP).start().await;
    let mut bare = app.visitor(SHOP);
    bare.session_id.clone_from(&visitor.session_id);
    let token = &visitor.token;
    let ask = |query: String| bare.session_request(Method::GET, &format!("/messages{query}"));
    let bearer = format!("Bearer {token}");
    for (request, wanted) in [
        (ask(String::new()), 401),
        (ask(format!("?token={token}&access_token={token}")), 401),
        (ask(String::new()).header("cookie", format!("token={token}")), 401),
        (ask(String::new()).header("x-api-key", token), 401),
        (ask(String::new()).header("authorization", token), 401),
        (
            ask(String::new()).header("authorization", format!("Basic {token}")),
            401,
        ),
        (ask(String::new()).header("authorization", "Bearer "), 401),
        (
            ask(String::new())
                .header("authorization", &bearer)
                .header("authorization", &bearer),
            401,
        ),
        (ask(String::new()).header("authorization", &bearer), 200),
        (
            ask(String::new()).header("authorization", format!("bearer {token}")),
            200,
        ),
    ] {
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status().as_u16(), wanted);
        if wanted == 401 {
            let body: Value = answer.json().await.unwrap();
            assert_eq!(body["error"]["code"], "token_invalid");
            assert!(!body.to_string().contains(token.as_str()));
        }
    }
}

#[tokio::test]
async fn a_stream_is_not_opened_with_a_token_that_has_ended() {
    let app = TestApp::start().await;
    let visitor = app.visitor(SHOP).start().await;
    app.clock.advance_s(i64::from(TTL_S));
    for (method, path) in [
        (Method::GET, "/events"),
        (Method::GET, "/messages"),
        (Method::POST, "/stop"),
        (Method::POST, "/retry"),
    ] {
        let answer = visitor.session_request(method, path).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{path}");
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body["error"]["code"], "token_expired", "{path}");
    }
}
