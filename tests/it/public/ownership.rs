//! Tokens and ownership (BAR.md T): nothing of another visitor, agent or origin is ever reached.

use atthene_tests::app::TOKEN_SECRET;
use atthene_tests::files::files_below;
use atthene_tests::socket::{Heard, TestSocket};
use atthene_tests::{AgentSpec, TestApp, TestVisitor};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

const ORIGINS: [&str; 3] = ["https://one.example", "https://two.example", "https://three.example"];
const AGENTS: [&str; 3] = ["alpha", "beta", "gamma"];
const OBJECT_ROUTES: [(Method, &str); 6] = [
    (Method::GET, "/messages"),
    (Method::POST, "/messages"),
    (Method::GET, "/events"),
    (Method::POST, "/stop"),
    (Method::POST, "/retry"),
    (Method::POST, "/feedback"),
];

#[tokio::test]
async fn no_token_opens_anything_but_its_own_session() {
    let app = TestApp::start().await;
    let mut visitors = Vec::new();
    for agent in AGENTS {
        app.add_agent(AgentSpec {
            key: agent,
            origins: ORIGINS.to_vec(),
            ..AgentSpec::default()
        })
        .await;
        for origin in ORIGINS {
            visitors.push((agent, origin, TestVisitor::new(&app.url(), agent, origin).start().await));
        }
    }
    let mut asked = 0;
    for (agent, origin, owner) in &visitors {
        for (other_agent, other_origin, stranger) in &visitors {
            let same = owner.session_id == stranger.session_id;
            for (method, path) in OBJECT_ROUTES {
                // The stranger's token, on the owner's agent and session, from either page.
                for page in [origin, other_origin] {
                    let mut caller = TestVisitor::new(&app.url(), agent, page);
                    caller.token.clone_from(&stranger.token);
                    caller.session_id.clone_from(&owner.session_id);
                    let body = json!({ "client_id": "c", "content": "x", "message_id": "msg", "rating": "none" });
                    let mut request = caller.session_request(method.clone(), path);
                    if method == Method::POST {
                        request = request.json(&body);
                    }
                    let answer = request.send().await.unwrap();
                    asked += 1;
                    if same && page == other_origin {
                        assert!(
                            answer.status() != StatusCode::NOT_FOUND && answer.status() != StatusCode::UNAUTHORIZED
                        );
                    } else {
                        let wanted = [StatusCode::NOT_FOUND, StatusCode::UNAUTHORIZED];
                        assert!(
                            wanted.contains(&answer.status()),
                            "{agent} {other_agent} {method} {path} {page}"
                        );
                    }
                }
            }
        }
    }
    assert_eq!(asked, 9 * 9 * 6 * 2);
}

/// What a socket on this page of this agent says to a token, with or without the name of a session.
async fn socket_says(app: &TestApp, agent: &str, page: &str, start: &Value) -> (Value, Option<u16>) {
    let mut socket = TestSocket::open(app.address, agent, page).await;
    socket.send(start).await;
    match socket.hear().await {
        Heard::Frame(frame) if frame["type"] == "session.ready" => (frame, None),
        Heard::Frame(frame) => (frame, Some(socket.until_closed().await.1)),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn no_token_opens_a_socket_on_anything_but_its_own_session() {
    let app = TestApp::start_with(|settings| settings.limits.address_sockets = 10_000).await;
    let mut visitors = Vec::new();
    for agent in AGENTS {
        app.add_agent(AgentSpec {
            key: agent,
            origins: ORIGINS.to_vec(),
            ..AgentSpec::default()
        })
        .await;
        for origin in ORIGINS {
            let visitor = TestVisitor::new(&app.url(), agent, origin).start().await;
            assert_eq!(
                visitor.send("c", &format!("marker of {agent} {origin}")).await.status(),
                202
            );
            visitor.events(0).await.until_end().await;
            visitors.push((agent, origin, visitor));
        }
    }
    let mut let_in = 0;
    for (agent, origin, owner) in &visitors {
        for (_, other_origin, stranger) in &visitors {
            let same = owner.session_id == stranger.session_id;
            for page in [origin, other_origin] {
                // The stranger's token, on the owner's agent, with the owner's session and without a name.
                let named = json!({ "type": "session.start", "token": stranger.token, "session_id": owner.session_id });
                let bare = json!({ "type": "session.start", "token": stranger.token });
                let (told, code) = socket_says(&app, agent, page, &named).await;
                let (unnamed, other_code) = socket_says(&app, agent, page, &bare).await;
                let is_own = same && page == origin;
                assert_eq!(code.is_none(), is_own, "{agent} {page}: {told}");
                assert!(is_own || code == Some(4401), "{code:?}");
                if !is_own {
                    let codes = ["token_invalid", "not_found"];
                    assert!(codes.contains(&told["error"]["code"].as_str().unwrap()), "{told}");
                }
                // Without a name it is the stranger's own session, or none.
                assert!(other_code.is_some() || unnamed["session_id"] == stranger.session_id.as_str());
                let_in += usize::from(code.is_none()) + usize::from(other_code.is_none());
            }
        }
    }
    assert!(let_in >= 9 * 2, "{let_in}");
}

#[tokio::test]
async fn a_resume_secret_works_for_its_own_agent_and_origin_only() {
    let app = TestApp::start().await;
    for agent in AGENTS {
        app.add_agent(AgentSpec {
            key: agent,
            origins: ORIGINS.to_vec(),
            ..AgentSpec::default()
        })
        .await;
    }
    let owner = TestVisitor::new(&app.url(), "alpha", ORIGINS[0]).start().await;
    for (agent, origin) in [("beta", ORIGINS[0]), ("alpha", ORIGINS[1])] {
        let mut thief = TestVisitor::new(&app.url(), agent, origin);
        thief.resume.clone_from(&owner.resume);
        assert_ne!(thief.start().await.session_id, owner.session_id);
        let mut thief = TestVisitor::new(&app.url(), agent, origin);
        thief.session_id.clone_from(&owner.session_id);
        let body = json!({ "resume": owner.resume });
        let answer = thief
            .session_request(Method::POST, "/token")
            .json(&body)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn an_expired_token_says_so_and_the_resume_secret_gives_a_new_one() {
    let app = TestApp::start().await;
    let mut visitor = app.visitor("https://shop.example").start().await;
    app.clock.advance_s(15 * 60 + 1);
    let expired = visitor.send("c1", "Hi").await;
    assert_eq!(expired.status(), StatusCode::UNAUTHORIZED);
    let body: Value = expired.json().await.unwrap();
    assert_eq!(body["error"]["code"], "token_expired");
    let body = json!({ "resume": visitor.resume });
    let renewed: Value = visitor
        .session_request(Method::POST, "/token")
        .json(&body)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    visitor.token = renewed["token"].as_str().unwrap().to_owned();
    assert_eq!(visitor.send("c1", "Hi").await.status(), StatusCode::ACCEPTED);
}

#[tokio::test]
async fn forged_tokens_are_refused() {
    let app = TestApp::start().await;
    let mut visitor = app.visitor("https://shop.example").start().await;
    let good = visitor.token.clone();
    let kid = jsonwebtoken::decode_header(&good).unwrap().kid;
    let mut claims: Value = {
        let mut rules = jsonwebtoken::Validation::new(Algorithm::HS256);
        rules.validate_exp = false;
        let key = jsonwebtoken::DecodingKey::from_secret(TOKEN_SECRET.as_bytes());
        jsonwebtoken::decode(&good, &key, &rules).unwrap().claims
    };
    let sign = |algorithm, kid: Option<String>, claims: &Value, secret: &str| {
        let header = Header {
            kid,
            ..Header::new(algorithm)
        };
        jsonwebtoken::encode(&header, claims, &EncodingKey::from_secret(secret.as_bytes())).unwrap()
    };
    let mut forged = vec![
        String::from("nonsense"),
        good[..good.len() - 2].to_owned(),
        sign(
            Algorithm::HS256,
            kid.clone(),
            &claims,
            "another secret that is long enough to sign with",
        ),
        sign(Algorithm::HS512, kid.clone(), &claims, TOKEN_SECRET),
        sign(Algorithm::HS256, None, &claims, TOKEN_SECRET),
        sign(Algorithm::HS256, Some("unknown".to_owned()), &claims, TOKEN_SECRET),
        format!("eyJhbGciOiJub25lIn0.{}.", good.split('.').nth(1).unwrap()),
    ];
    claims["typ"] = json!("key");
    forged.push(sign(Algorithm::HS256, kid, &claims, TOKEN_SECRET));
    for token in forged {
        visitor.token.clone_from(&token);
        assert_eq!(
            visitor.send("c1", "Hi").await.status(),
            StatusCode::UNAUTHORIZED,
            "{token}"
        );
    }
    visitor.token = good;
    assert_eq!(visitor.send("c1", "Hi").await.status(), StatusCode::ACCEPTED);
}

#[tokio::test]
async fn prompts_and_secrets_never_reach_a_visitor_or_the_database() {
    let app = TestApp::start().await;
    let visitor = app.visitor("https://shop.example").start().await;
    visitor.send("c1", "Hi").await;
    let events = visitor.events(0).await.until_end().await;
    let wire = format!("{:?}{:?}{:?}", visitor.started, events, visitor.history().await);
    assert!(!wire.contains("marker-system-prompt"));
    assert!(!wire.contains("marker-token-secret"));
    for file in files_below(app.dir.path()) {
        let bytes = std::fs::read(file).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("marker-token-secret"));
        assert!(
            !text.contains(&visitor.resume),
            "a resume secret is kept as a hash only"
        );
    }
}
