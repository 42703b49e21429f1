//! `/agent/validate`: one form for what a form and a text say, and the line of what is wrong.

use atthene_server::domain::agents::body;
use atthene_server::domain::agents::hash::config_hash;
use atthene_server::domain::agents::lines::Lines;
use atthene_server::domain::agents::yaml::to_yaml;
use atthene_tests::TestApp;
use proptest::prelude::*;
use reqwest::Method;
use serde_json::{Value, json};

use super::{Rest, config};

async fn validate_yaml(back_end: &Rest, text: &str) -> Value {
    let request = back_end
        .request(Method::POST, "/agent/validate/")
        .header("content-type", "application/yaml");
    request
        .body(text.to_owned())
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap()
}

/// Fields of the notes and their lines.
fn lines(notes: &Value) -> Vec<(&str, u64)> {
    let notes = notes.as_array().unwrap().iter();
    notes
        .map(|note| (note["field"].as_str().unwrap(), note["line"].as_u64().unwrap()))
        .collect()
}

#[tokio::test]
async fn a_good_configuration_comes_back_in_one_form_whose_text_says_the_same() {
    let app = TestApp::start().await;
    let back_end = Rest::new(&app, &["agents:read", "agents:write"]).await;
    let prompt =
        "Line one: yes\n\n  - indented # no comment\nends with blanks  \n\n\"quoted\" 'too' {{user_input}} \u{1f600}";
    let full = json!({
        "name": "no", "description": "null", "agents": [{ "name": "main", "agent_type": "llm_agent",
            "prompt_config": { "system_prompt": prompt }, "llm_config": { "models": ["builtin"], "temperature": 1.0 } }],
        "entry_point": "main", "variables": { "tone": { "type": "string", "default": "0x1f" } },
    });
    let checked = back_end.json(Method::POST, "/agent/validate/", Some(&full), 200).await;
    assert_eq!(checked["valid"], true, "{checked}");
    assert_eq!(checked["config"]["system_prompt"], prompt);
    assert_eq!(
        checked["config"]["llm_config"],
        json!({ "model": "builtin", "temperature": 1.0 })
    );
    let yaml = checked["yaml"].as_str().unwrap();
    let again = validate_yaml(&back_end, yaml).await;
    for same in ["config", "config_hash", "yaml", "valid"] {
        assert_eq!(again[same], checked[same], "{yaml}");
    }
    // The hash is the one that a saved agent has.
    let body = json!({ "system_config": full });
    let made = back_end.json(Method::POST, "/agent/", Some(&body), 201).await;
    assert_eq!(made["config_hash"], checked["config_hash"]);
    let whole = back_end.json(Method::POST, "/agent/validate/", Some(&body), 200).await;
    assert_eq!(whole["config"], checked["config"]);
}

#[tokio::test]
async fn what_is_wrong_in_a_yaml_text_is_told_with_its_line() {
    let app = TestApp::start().await;
    let back_end = Rest::new(&app, &["agents:read"]).await;
    let text = "# An agent\nname: A\nagent_type: llm_agent\ncolour: red\n\nllm_config:\n  # which\n  model: nobody\n  temperature: 9\nknowledge_bases:\n  - name: docs\n  - name: 'a/b'\n";
    let checked = validate_yaml(&back_end, text).await;
    assert_eq!(checked["valid"], false);
    let mut errors = lines(&checked["errors"]);
    errors.sort_unstable();
    let wanted = [
        ("knowledge_bases[1].name", 12),
        ("llm_config.model", 8),
        ("llm_config.temperature", 9),
    ];
    assert_eq!(errors, wanted);
    assert!(checked.get("config").is_none() && checked.get("yaml").is_none());
    // What is missing is told where it belongs; a warning has its line, too.
    let checked = validate_yaml(
        &back_end,
        "name: A\n\nagent_type: llm_agent\nllm_config:\n  temperature: 1\n",
    )
    .await;
    assert_eq!(lines(&checked["errors"]), [("llm_config.model", 4)]);
    let text = "name: A\nagent_type: llm_agent\nllm_config: {model: builtin}\n\ncolour: red\n";
    assert_eq!(
        lines(&validate_yaml(&back_end, text).await["warnings"]),
        [("colour", 5)]
    );
    // As JSON the same has no lines.
    let body = json!({ "name": "A", "agent_type": "llm_agent", "llm_config": {} });
    let checked = back_end.json(Method::POST, "/agent/validate/", Some(&body), 200).await;
    assert!(checked["errors"][0].get("line").is_none(), "{checked}");
}

#[tokio::test]
async fn a_text_that_is_no_yaml_is_told_with_its_line() {
    let app = TestApp::start().await;
    let back_end = Rest::new(&app, &["agents:read"]).await;
    for (text, line) in [
        (
            "name: A\nllm_config: {model: builtin\nagent_type: llm_agent\n: [",
            3..=4,
        ),
        ("name: A\n  agent_type: llm_agent\n", 2..=2),
        ("name: A\nagent_type: llm_agent\nname: B\n", 3..=3),
        ("name: A\nsystem_prompt: \"open\n", 2..=3),
        ("name: *nobody\n", 1..=1),
    ] {
        let checked = validate_yaml(&back_end, text).await;
        assert_eq!(checked["valid"], false, "{text}");
        let told = checked["errors"][0]["line"].as_u64().unwrap_or_default();
        assert!(line.contains(&told), "{text}: {checked}");
    }
}

#[test]
fn a_line_is_found_by_the_longest_key_and_behind_an_alias() {
    let text = "a: &x\n  b: 1\na.b:\n  c: 2\nlist:\n- &y one\n- *y\n-\n  d: 3\nz: *x\n";
    let lines = Lines::of(text).unwrap();
    for (path, line) in [
        ("", 1),
        ("a", 1),
        ("a.b", 3),
        ("a.b.c", 4),
        ("list", 5),
        ("list[1]", 7),
        ("list[2].d", 9),
        ("list[2].missing", 9),
        ("list[9]", 5),
        ("z", 10),
        ("nothing", 1),
    ] {
        assert_eq!(lines.line_of(path), line, "{path}");
    }
}

/// Trees as configurations are: texts of any kind below names of any kind.
fn trees() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        (-1e9..1e9_f64).prop_map(Value::from),
        ".*".prop_map(Value::from),
        "[ \\-:#'\"\\\\|>&*!%@`{}\\[\\],?~\\n\\ta-c0-9]{0,40}".prop_map(Value::from),
        prop::sample::select(vec![
            "yes",
            "NO",
            "~",
            "null",
            "1e3",
            "0o17",
            "1_000",
            ".inf",
            "<<",
            "=",
            "2026-11-22",
            "---",
            "..."
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map("[a-z_. :#\\-]{1,12}", inner, 0..5)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn every_tree_reads_back_from_its_text(tree in trees()) {
        let tree = json!({ "name": "A", "inner": tree });
        let text = to_yaml(&tree);
        let back = body::read(&text).map_err(TestCaseError::fail)?;
        prop_assert_eq!(config_hash(&back), config_hash(&tree), "{}", text);
    }
}

#[test]
fn a_usual_configuration_is_written_as_people_write_it() {
    let mut usual = config("Support");
    usual["system_prompt"] = json!("Be kind.\nBe brief.\n");
    usual["knowledge_bases"] = json!([{ "name": "docs" }]);
    let text = to_yaml(&usual);
    let wanted = "name: Support\nagent_type: llm_agent\nsystem_prompt: |\n  Be kind.\n  Be brief.\n\
                  knowledge_bases:\n- name: docs\nllm_config:\n  model: builtin\n  temperature: 0.5\n";
    assert_eq!(text, wanted);
    let long = "word ".repeat(60);
    let text = to_yaml(&json!({ "system_prompt": long.trim() }));
    assert_eq!(
        text,
        format!("system_prompt: {}\n", long.trim()),
        "a long line stays one"
    );
}
