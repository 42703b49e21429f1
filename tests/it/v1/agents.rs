//! `/agent/`: finding, making, deleting, validating; and what a key does not see.

use atthene_tests::TestApp;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Rest, config, fields};

#[tokio::test]
async fn an_agent_is_made_found_by_both_names_listed_and_deleted() {
    let app = TestApp::start().await;
    let back_end = Rest::new(&app, &["agents:read", "agents:write", "access:write"]).await;
    let body = json!({
        "system_config": config("Help Desk"), "is_public": true,
        "allowed_origins": ["https://Shop.example/", "https://*.shop.example"], "widget": { "title": "Help" },
    });
    let made = back_end.json(Method::POST, "/agents/", Some(&body), 201).await;
    assert_eq!(made["agent_key"], "help_desk");
    assert_eq!(
        (&made["architecture"], &made["entry_point"]),
        (&json!("workflow"), &json!("main"))
    );
    assert_eq!(made["origin_url"], "https://shop.example");
    assert_eq!(
        made["allowed_origins"],
        json!(["https://shop.example", "https://*.shop.example"])
    );
    assert_eq!(made["owner"], json!(back_end.0.key.id.to_string()));
    assert_eq!(made["version_number"], 1);
    assert_eq!(made["widget"]["title"], "Help");
    for switch in ["is_shared", "is_default", "allow_any_origin", "dev_mode"] {
        assert_eq!(made[switch], false, "{switch}");
    }
    let id = made["id"].as_str().unwrap();
    for path in [format!("/agent/{id}"), "/agents/help_desk/".to_owned()] {
        assert_eq!(back_end.get(&path).await, made, "{path}");
    }
    let listed = back_end.get("/agent").await;
    let keys: Vec<&Value> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|agent| &agent["agent_key"])
        .collect();
    assert_eq!(keys, ["help_desk", "shop"]);
    let deleted = back_end
        .request(Method::DELETE, "/agent/help_desk/")
        .send()
        .await
        .unwrap();
    assert_eq!(deleted.status(), StatusCode::NO_CONTENT);
    back_end.json(Method::GET, &format!("/agent/{id}/"), None, 404).await;
    back_end.json(Method::DELETE, "/agent/help_desk/", None, 404).await;
}

#[tokio::test]
async fn the_gate_knows_a_new_agent_before_its_maker_is_told() {
    let app = TestApp::start().await;
    let back_end = Rest::new(&app, &["admin"]).await;
    let body = json!({ "system_config": config("Fast"), "is_public": true, "origin_url": "https://fast.example" });
    back_end.json(Method::POST, "/agent/", Some(&body), 201).await;
    let page = reqwest::Client::new().get(format!("{}/public/v1/agents/fast", app.url()));
    let answer = page.header("origin", "https://fast.example").send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_second_agent_of_a_name_gets_a_key_of_its_own_and_a_wanted_key_that_is_taken_is_refused() {
    let app = TestApp::start().await;
    let back_end = Rest::new(&app, &["admin"]).await;
    let body = json!({ "system_config": config("Twin") });
    let first = back_end.json(Method::POST, "/agent/", Some(&body), 201).await;
    let second = back_end.json(Method::POST, "/agent/", Some(&body), 201).await;
    assert_ne!(first["id"], second["id"]);
    assert!(second["agent_key"].as_str().unwrap().starts_with("twin_"));
    let wanted = json!({ "system_config": config("Other"), "agent_key": "twin" });
    let refused = back_end.json(Method::POST, "/agent/", Some(&wanted), 409).await;
    assert_eq!(refused["error"]["code"], "agent_key_taken");
}

#[tokio::test]
async fn a_body_may_be_yaml_and_a_bad_one_names_every_field() {
    let app = TestApp::start().await;
    let back_end = Rest::new(&app, &["agents:read", "agents:write"]).await;
    let yaml = "system_config:\n  name: Yaml\n  agent_type: llm_agent\n  llm_config: {model: builtin}\n";
    let request = back_end
        .request(Method::POST, "/agent/")
        .header("content-type", "application/yaml");
    let made = request.body(yaml).send().await.unwrap();
    assert_eq!(made.status(), StatusCode::CREATED);
    let text = json!({ "system_config": "name: Text\nagent_type: llm_agent\nllm_config: {model: builtin}\n" });
    let made = back_end.json(Method::POST, "/agent/", Some(&text), 201).await;
    assert_eq!(made["name"], "Text");
    let bad = json!({ "system_config": { "name": "X", "agent_type": "llm_agent" }, "is_public": "yes" });
    let refused = back_end.json(Method::POST, "/agent/", Some(&bad), 400).await;
    assert_eq!(fields(&refused), ["system_config.llm_config", "is_public"]);
}

#[tokio::test]
async fn validate_says_what_is_wrong_with_paths_of_the_configuration_itself() {
    let app = TestApp::start().await;
    let back_end = Rest::new(&app, &["agents:read"]).await;
    let mut odd = config("Fine");
    odd["colour"] = json!("red");
    let good = back_end.json(Method::POST, "/agent/validate/", Some(&odd), 200).await;
    assert_eq!(good["valid"], true);
    assert_eq!(good["warnings"][0]["field"], "colour");
    let bad = json!({ "name": "X", "agent_type": "llm_agent", "llm_config": { "model": "nobody/knows" } });
    let bad = back_end.json(Method::POST, "/agents/validate", Some(&bad), 200).await;
    assert_eq!(
        (&bad["valid"], fields(&bad)),
        (&json!(false), vec!["llm_config.model".to_owned()])
    );
    let request = back_end.request(Method::POST, "/agent/validate/");
    let broken = request
        .header("content-type", "application/yaml")
        .body("a: [")
        .send()
        .await
        .unwrap();
    assert_eq!(broken.status(), StatusCode::OK);
    let broken: Value = broken.json().await.unwrap();
    assert_eq!(broken["valid"], false);
    let full = json!({
        "name": "Full", "entry_point": "main", "agents": [
            { "name": "main", "agent_type": "llm_agent", "llm_config": { "model": "builtin" } },
        ],
    });
    let full = back_end.json(Method::POST, "/agent/validate/", Some(&full), 200).await;
    assert_eq!(full["valid"], true, "{full}");
}

#[tokio::test]
async fn a_key_without_the_scope_is_refused_by_its_name() {
    let app = TestApp::start().await;
    let reader = Rest::new(&app, &["agents:read"]).await;
    let chatter = Rest::new(&app, &["chat"]).await;
    let body = json!({ "system_config": config("No") });
    for (back_end, method, path) in [
        (&chatter, Method::GET, "/agent/"),
        (&reader, Method::POST, "/agent/"),
        (&reader, Method::PATCH, "/agent/shop/"),
        (&reader, Method::DELETE, "/agents/shop/"),
        (&reader, Method::POST, "/agent/shop/versions/1/deploy/"),
        (&reader, Method::GET, "/traces/"),
    ] {
        let refused = back_end.json(method.clone(), path, Some(&body), 403).await;
        assert_eq!(refused["error"]["code"], "missing_scope", "{method} {path}");
    }
}

#[tokio::test]
async fn who_may_embed_an_agent_is_a_right_of_its_own() {
    let app = TestApp::start().await;
    let writer = Rest::new(&app, &["agents:read", "agents:write"]).await;
    for access in [
        json!({ "is_public": true }),
        json!({ "dev_mode": true }),
        json!({ "allow_any_origin": true }),
        json!({ "origin_url": "https://other.example" }),
        json!({ "allowed_origins": ["https://other.example"] }),
    ] {
        let mut body = access.clone();
        body["system_config"] = config("Opened");
        let refused = writer.json(Method::POST, "/agent/", Some(&body), 403).await;
        assert_eq!(refused["error"]["code"], "missing_scope", "{body}");
        if access["is_public"].is_null() {
            writer.json(Method::PATCH, "/agent/shop/", Some(&access), 403).await;
        }
    }
    writer
        .json(Method::PATCH, "/agent/shop/", Some(&json!({ "is_public": false })), 403)
        .await;
    // What stays as it is opens nothing.
    let same = json!({ "is_public": true, "allowed_origins": ["https://shop.example"] });
    writer.json(Method::PATCH, "/agent/shop/", Some(&same), 200).await;
}

#[tokio::test]
async fn a_bound_key_and_another_workspaces_key_see_no_other_agents() {
    let app = TestApp::start().await;
    let admin = Rest::new(&app, &["admin"]).await;
    let body = json!({ "system_config": config("Own") });
    let own = admin.json(Method::POST, "/agent/", Some(&body), 201).await;
    let id = atthene_protocol::ids::AgentId(own["id"].as_str().unwrap().to_owned());
    let bound = Rest::bound(&app, &["admin"], Some(vec![id]), "default").await;
    assert_eq!(bound.get("/agent/").await, json!([own]));
    let stranger = Rest::bound(&app, &["admin"], None, "ws_other").await;
    assert_eq!(stranger.get("/agent/").await, json!([]));
    for (method, path) in [
        (Method::GET, "/agent/shop/"),
        (Method::PATCH, "/agent/shop/"),
        (Method::DELETE, "/agent/shop/"),
        (Method::GET, "/agent/shop/versions/"),
        (Method::GET, "/agent/shop/versions/1/"),
        (Method::POST, "/agent/shop/versions/1/deploy/"),
        (Method::POST, "/agent/shop/origins/test/"),
        (Method::GET, "/agent/shop/origins/seen/"),
    ] {
        for back_end in [&bound, &stranger] {
            let body = json!({ "origin": "https://shop.example" });
            let refused = back_end.json(method.clone(), path, Some(&body), 404).await;
            assert_eq!(refused["error"]["type"], "not_found_error", "{method} {path}");
        }
    }
    let refused = bound.json(Method::POST, "/agent/", Some(&body), 403).await;
    assert_eq!(refused["error"]["code"], "key_bound_to_agents");
    let default = json!({ "is_default": true });
    bound.json(Method::PATCH, "/agent/own/", Some(&default), 403).await;
    admin.json(Method::PATCH, "/agent/own/", Some(&default), 200).await;
}
