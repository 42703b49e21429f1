//! The section "Agent configuration" of docs/API.md: every configuration that it prints is taken as it is printed, and
//! what it says of them holds.

use atthene_server::domain::agents::variables::{Giver, merge};
use atthene_server::domain::agents::{Draft, runnable_config};
use atthene_server::model::agent::RunnableConfig;
use serde_json::json;

const API: &str = include_str!("../../../docs/API.md");

/// The printed configurations, in order.
fn printed() -> Vec<String> {
    let (_, section) = API
        .split_once("\n## Agent configuration\n")
        .expect("the section is there");
    let section = section.split("\n## ").next().unwrap();
    let blocks = section.split("```yaml\n").skip(1);
    blocks
        .map(|block| block.split("```").next().unwrap().to_owned())
        .collect()
}

/// A configuration, saved.
fn saved(config: &str) -> RunnableConfig {
    let indented: String = config.lines().map(|line| format!("  {line}\n")).collect();
    let knows = |model: &str| matches!(model, "builtin" | "openai/gpt-5-mini");
    let draft = Draft::read(&format!("system_config:\n{indented}"), &knows)
        .unwrap_or_else(|notes| panic!("{notes:?}\n{config}"));
    assert!(draft.warnings.is_empty(), "{:?}\n{config}", draft.warnings);
    runnable_config(&draft.system_config).unwrap()
}

#[test]
fn every_printed_configuration_is_taken_without_a_warning() {
    let configs: Vec<RunnableConfig> = printed().iter().map(|text| saved(text)).collect();
    assert_eq!(configs.len(), 5);
    assert_eq!(configs[0].llm_config, configs[1].llm_config);
    assert_eq!(configs[0].system_prompt, configs[1].system_prompt);
}

#[test]
fn the_printed_variables_do_what_is_said_of_them() {
    let texts = printed();
    let text = texts.iter().find(|text| text.contains("variables:")).unwrap();
    let declared = saved(text).variables;
    let inputs = json!({"customer": "Ann", "notes": "Wants a refund."});
    let kept = merge(
        &declared,
        &serde_json::Map::new(),
        inputs.as_object().unwrap(),
        Giver::Api,
    )
    .unwrap();
    assert_eq!(json!(kept), inputs);
    let more = json!({"notes": "Called twice."});
    let kept = merge(&declared, &kept, more.as_object().unwrap(), Giver::Api).unwrap();
    assert_eq!(kept["notes"], json!("Wants a refund.; Called twice."));
    let by_visitor = |inputs: serde_json::Value| merge(&declared, &kept, inputs.as_object().unwrap(), Giver::Visitor);
    by_visitor(json!({"tone": "short"})).unwrap();
    by_visitor(json!({"customer": "Bob"})).unwrap_err();
    let missing = merge(
        &declared,
        &serde_json::Map::new(),
        more.as_object().unwrap(),
        Giver::Api,
    )
    .unwrap_err();
    assert_eq!(missing.notes()[0].field, "inputs.customer");
}

#[test]
fn the_printed_policy_asks_for_both_checks() {
    let texts = printed();
    let text = texts.iter().find(|text| text.contains("content_policy:")).unwrap();
    let policy = saved(text).content_policy;
    assert!(policy.moderation && !policy.blocked_phrases.is_empty());
}
