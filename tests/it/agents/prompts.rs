//! Prompts, examples and content policies: what is taken, and what is refused by its field.

use atthene_server::domain::agents::runnable_config;
use atthene_server::model::agent::{Example, PromptConfig};
use serde_json::json;

use super::{body, read, refusals};

#[test]
fn a_prompt_config_is_taken_as_it_is_meant() {
    let config = |text: &str| {
        let draft = read(&body("", &format!("system_prompt: p\nprompt_config: {text}")));
        assert!(draft.warnings.is_empty(), "{:?}", draft.warnings);
        runnable_config(&draft.system_config).unwrap().prompt_config
    };
    assert_eq!(config("{include_history: true}"), PromptConfig::default());
    assert_eq!(config("{include_history: 4}").include_history, Some(4));
    assert_eq!(config("{include_history: false}").include_history, Some(0));
    assert_eq!(config("{include_history: 0}").include_history, Some(0));
    assert!(!config("{include_user_input: false}").include_user_input);
    assert_eq!(
        config("{few_shot_examples: [{user: q, assistant: a}]}").few_shot_examples,
        [Example {
            user: "q".to_owned(),
            assistant: "a".to_owned()
        }]
    );
}

#[test]
fn what_a_prompt_cannot_be_is_refused_by_its_field() {
    let cases = [
        ("system_prompt: 'Hi {{variables.name}}'", "system_prompt"),
        ("system_prompt: 'Hi {{name}}'", "system_prompt"),
        ("system_prompt: 'Hi {{other.output.text}}'", "system_prompt"),
        (
            "prompt_config: {system_prompt: '{{variables.name}}'}",
            "prompt_config.system_prompt",
        ),
        ("prompt_config: {include_history: 41}", "prompt_config.include_history"),
        ("prompt_config: {include_history: -1}", "prompt_config.include_history"),
        (
            "prompt_config: {include_history: some}",
            "prompt_config.include_history",
        ),
        (
            "prompt_config: {include_user_input: 1}",
            "prompt_config.include_user_input",
        ),
        (
            "prompt_config: {include_user_input: false}",
            "prompt_config.include_user_input",
        ),
        (
            "prompt_config: {few_shot_examples: [1]}",
            "prompt_config.few_shot_examples[0]",
        ),
        (
            "prompt_config: {few_shot_examples: [{user: q}]}",
            "prompt_config.few_shot_examples[0].assistant",
        ),
        (
            "prompt_config: {few_shot_examples: [{user: '{{x}}', assistant: a}]}",
            "prompt_config.few_shot_examples[0].user",
        ),
        ("content_policy: [secret]", "content_policy"),
        (
            "content_policy: {blocked_phrases: secret}",
            "content_policy.blocked_phrases",
        ),
        (
            "content_policy: {blocked_phrases: [a, '?!']}",
            "content_policy.blocked_phrases[1]",
        ),
        ("content_policy: {moderation: yes}", "content_policy.moderation"),
    ];
    for (config, field) in cases {
        let notes = refusals(&body("", config));
        assert_eq!(
            notes.iter().map(|note| note.field.clone()).collect::<Vec<_>>(),
            [format!("system_config.{field}")],
            "{notes:?}"
        );
    }
}

#[test]
fn a_prompt_that_grows_beyond_measure_is_refused_when_it_is_saved() {
    let config = format!(
        "system_prompt: '{}'\nvariables: {{a: {{type: string, default: '{}'}}}}",
        "{{variables.a}}".repeat(200),
        "x".repeat(10_000)
    );
    let notes = refusals(&body("", &config));
    assert_eq!(notes[0].field, "system_config.system_prompt");
    assert!(notes[0].message.contains("1048576 bytes"), "{notes:?}");
}

#[test]
fn in_a_full_configuration_variables_and_policy_stand_at_the_top() {
    let full = |top: serde_json::Value, agent: serde_json::Value| {
        let mut config = json!({"name": "N", "entry_point": "a"});
        let mut only = json!({"name": "a", "agent_type": "llm_agent", "llm_config": {"model": "builtin"}});
        only.as_object_mut().unwrap().extend(agent.as_object().unwrap().clone());
        config.as_object_mut().unwrap().extend(top.as_object().unwrap().clone());
        config["agents"] = json!([only]);
        json!({ "system_config": config }).to_string()
    };
    let variables = json!({"variables": {"x": {"type": "string"}}, "content_policy": {"moderation": true}});
    let draft = read(&full(variables.clone(), json!({"system_prompt": "{{variables.x}}"})));
    let config = runnable_config(&draft.system_config).unwrap();
    assert!(config.variables.contains_key("x") && config.content_policy.moderation);
    let notes = refusals(&full(json!({}), variables));
    let fields: Vec<&str> = notes.iter().map(|note| note.field.as_str()).collect();
    assert_eq!(
        fields,
        [
            "system_config.agents[0].variables",
            "system_config.agents[0].content_policy"
        ]
    );
}
