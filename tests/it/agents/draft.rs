//! Bodies of agents: YAML and JSON, flat and full, and every refusal with its field.

use atthene_server::domain::agents::{Draft, runnable_config};
use atthene_server::model::agent::Tool;
use serde_json::json;

use super::{body, knows, read, refusals};

#[test]
fn a_flat_configuration_is_taken() {
    let draft = read(&body(
        "is_public: true\nallowed_origins: ['https://Shop.Example/', 'https://shop.example']",
        "system_prompt: Be kind.\nknowledge_bases:\n  - name: docs",
    ));
    assert_eq!(draft.name, "Support Assistant");
    assert_eq!(draft.is_public, Some(true));
    let origins: Vec<String> = draft.allowed_origins.unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(origins, ["https://shop.example"]);
    let config = runnable_config(&draft.system_config).unwrap();
    assert_eq!(
        (config.system_prompt.as_str(), config.llm_config.model.as_str()),
        ("Be kind.", "builtin")
    );
    assert_eq!(config.knowledge_bases[0].name, "docs");
    assert!(draft.warnings.is_empty());
}

#[test]
fn the_hash_depends_on_the_meaning_alone() {
    let yaml = read(&body("", "system_prompt: Hi ü\nllm: 1"));
    let other = "{\"system_config\":{\"llm_config\":{\"model\":\"builtin\"},\n \"system_prompt\":\"Hi \\u00fc\",\
                 \"agent_type\":\"llm_agent\",\"name\":\"Support Assistant\"}, \"is_public\": true}";
    assert_eq!(yaml.config_hash, read(other).config_hash);
    assert_eq!(yaml.config_hash.len(), 64);
    assert_ne!(yaml.config_hash, read(&body("", "system_prompt: Hi")).config_hash);
    let as_whole = body("", "").replace("{model: builtin}", "{model: builtin, temperature: 1}");
    let as_fraction = body("", "").replace("{model: builtin}", "{temperature: 1.0, model: builtin}");
    assert_eq!(read(&as_whole).config_hash, read(&as_fraction).config_hash);
}

#[test]
fn a_full_configuration_of_one_agent_says_the_same_as_a_flat_one() {
    let full = json!({"system_config": {
        "name": "Support Assistant", "architecture": "workflow", "entry_point": "main", "recursion_limit": 25,
        "agents": [{"name": "main", "agent_type": "llm_agent", "llm_config": {"models": ["builtin"]},
            "system_prompt": "loses", "prompt_config": {"system_prompt": "wins", "include_history": true},
            "streaming_config": {"enable_streaming": true}, "tool_calling": {"enabled": false}, "tools": []}],
        "edges": [{"from": "__start__", "to": "main"}, {"from": "main", "to": "END"}],
    }});
    let flat = read(&body("", "system_prompt: wins"));
    assert_eq!(read(&full.to_string()).config_hash, flat.config_hash);
}

#[test]
fn what_cannot_run_yet_is_refused_by_name() {
    let cases = [
        ("tools: [search]", "system_config.tools"),
        ("tool_calling: {enabled: true}", "system_config.tool_calling"),
        (
            "structured_output: {enabled: true, schema: {}}",
            "system_config.structured_output",
        ),
        ("memory_config: {kind: buffer}", "system_config.memory_config"),
        ("save_messages: false", "system_config.save_messages"),
        ("supervised_agents: [a]", "system_config.supervised_agents"),
        (
            "system_prompt: 'Say {{main.output.summary}}'",
            "system_config.system_prompt",
        ),
        (
            "streaming_config: {show_output_to_user: false}",
            "system_config.streaming_config.show_output_to_user",
        ),
        ("knowledge_bases: [docs]", "system_config.knowledge_bases[0]"),
    ];
    for (config, field) in cases {
        let notes = refusals(&body("", config));
        assert_eq!(
            notes.iter().map(|note| note.field.as_str()).collect::<Vec<_>>(),
            [field],
            "{notes:?}"
        );
    }
}

#[test]
fn a_react_agent_may_ask_a_human_and_nothing_else() {
    let flat = read(
        &body(
            "",
            "tools: [ask_human]\ntool_calling: {enabled: true, max_iterations: 3}",
        )
        .replace("llm_agent", "react_agent"),
    );
    let config = runnable_config(&flat.system_config).unwrap();
    assert_eq!(
        (config.tools.as_slice(), config.max_iterations),
        ([Tool::AskHuman].as_slice(), Some(3))
    );
    let full = json!({"system_config": {
        "name": "Support Assistant", "entry_point": "main", "tools": [{"name": "ask_human"}],
        "agents": [{"name": "main", "agent_type": "react_agent", "llm_config": {"model": "builtin"},
            "tools": ["ask_human"], "tool_calling": {"max_iterations": 3}}],
    }});
    assert_eq!(read(&full.to_string()).config_hash, flat.config_hash);
    let refused = |config: &str| {
        let notes = refusals(&body("", config).replace("llm_agent", "react_agent"));
        notes.into_iter().map(|note| note.field).collect::<Vec<_>>()
    };
    assert_eq!(refused("system_prompt: Hi"), ["system_config.tools"]);
    assert_eq!(refused("tools: [ask_human, search]"), ["system_config.tools[1]"]);
    assert_eq!(
        refused("tools: [ask_human]\ntool_calling: {enabled: false}"),
        ["system_config.tool_calling.enabled"]
    );
}

#[test]
fn graphs_beyond_one_agent_are_refused() {
    let agent = |name: &str| json!({"name": name, "agent_type": "llm_agent", "llm_config": {"model": "builtin"}});
    let config = |agents: serde_json::Value, edges: serde_json::Value| {
        json!({"system_config": {"name": "N", "entry_point": "a", "agents": agents, "edges": edges}}).to_string()
    };
    let fields = |text: String| refusals(&text).into_iter().map(|note| note.field).collect::<Vec<_>>();
    assert_eq!(
        fields(config(json!([agent("a"), agent("b")]), json!([]))),
        ["system_config.agents"]
    );
    assert_eq!(fields(config(json!([]), json!([]))), ["system_config.agents"]);
    let conditional = json!([{"from": "__start__", "to": "a"}, {"from": "a", "condition": "sure?", "condition_type": "boolean",
        "routing": {"yes": "__end__", "no": "a"}}]);
    assert!(fields(config(json!([agent("a")]), conditional)).contains(&"system_config.edges[1].condition".to_owned()));
    let open = json!([{"from": "__start__", "to": "a"}]);
    assert_eq!(fields(config(json!([agent("a")]), open)), ["system_config.edges"]);
}

#[test]
fn models_must_be_known_and_single() {
    let with = |llm: &str| body("", "").replace("{model: builtin}", llm);
    for (llm, field) in [
        ("{model: gpt-unknown}", "system_config.llm_config.model"),
        ("{models: [builtin, openai/small]}", "system_config.llm_config.models"),
        ("{models: []}", "system_config.llm_config.models"),
        ("{}", "system_config.llm_config.model"),
        (
            "{model: builtin, temperature: 3}",
            "system_config.llm_config.temperature",
        ),
        ("{model: builtin, max_tokens: 0}", "system_config.llm_config.max_tokens"),
        ("{model: builtin, api_key: sk-1}", "system_config.llm_config.api_key"),
    ] {
        let notes = refusals(&with(llm));
        assert_eq!(notes[0].field, field, "{notes:?}");
    }
    read(&with("{models: [openai/small], max_tokens: 100}"));
}

#[test]
fn a_wrong_origin_is_named_with_what_is_meant() {
    let notes = refusals(&body("allowed_origins: ['https://ok.example', your-site.com, '*']", ""));
    assert_eq!(notes[0].field, "allowed_origins[1]");
    assert!(notes[0].message.contains("https://your-site.com"), "{notes:?}");
    assert_eq!(notes[1].field, "allowed_origins[2]");
    assert_eq!(refusals(&body("origin_url: ftp://x", ""))[0].field, "origin_url");
}

#[test]
fn switches_take_true_and_false_only() {
    for key in ["is_public", "dev_mode", "is_default", "allow_any_origin"] {
        for value in ["yes", "'true'", "1", "[true]"] {
            assert_eq!(refusals(&body(&format!("{key}: {value}"), ""))[0].field, key);
        }
    }
}

#[test]
fn unknown_keys_are_reported_and_do_no_harm() {
    let draft = read(&body("allowed_origin: x\nwidget: {titel: Hi}", "modell: y"));
    let fields: Vec<&str> = draft.warnings.iter().map(|note| note.field.as_str()).collect();
    assert_eq!(fields, ["system_config.modell", "widget.titel", "allowed_origin"]);
}

#[test]
fn widget_settings_are_values_and_never_css() {
    for colour in ["#06f", "#0066FF", "teal"] {
        read(&body(&format!("widget: {{primaryColor: '{colour}'}}"), ""));
    }
    for colour in [
        "red;x:y",
        "url(x)",
        "#12",
        "#12345g",
        "rgb(1,2,3)",
        "var(--x)",
        "inherit",
        "a b",
        "",
    ] {
        assert_eq!(
            refusals(&body(&format!("widget: {{primaryColor: '{colour}'}}"), ""))[0].field,
            "widget.primaryColor"
        );
    }
    for avatar in [
        "javascript:alert(1)",
        "data:image/png;base64,x",
        "/a.png",
        "https://u:p@x.example/a.png",
    ] {
        assert_eq!(
            refusals(&body(&format!("widget: {{avatar: '{avatar}'}}"), ""))[0].field,
            "widget.avatar"
        );
    }
    assert_eq!(
        refusals(&body("widget: {position: top}", ""))[0].field,
        "widget.position"
    );
    let long = "x".repeat(101);
    assert_eq!(
        refusals(&body(&format!("widget: {{title: {long}}}"), ""))[0].field,
        "widget.title"
    );
    assert_eq!(
        refusals(&body("widget: {starterPrompts: [a, '']}", ""))[0].field,
        "widget.starterPrompts[1]"
    );
}

#[test]
fn hostile_texts_are_refused_quickly() {
    let deep = format!("system_config: {}{}", "[".repeat(100), "]".repeat(100));
    let deep_json = format!("{{\"system_config\": {}{}}}", "[".repeat(70), "]".repeat(70));
    let long = format!("a: {}", "x".repeat(1024 * 1024));
    let mut bomb = "a: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let inner = vec![format!("*a{}", level - 1); 9].join(", ");
        bomb.push_str(&format!("b{level}: &a{level} [{inner}]\n"));
    }
    for text in [
        deep.as_str(),
        &deep_json,
        &long,
        &bomb,
        "",
        "null",
        "just text",
        "[1, 2]",
        "{\"a\":",
        "a: .inf",
        "a: 1\na: 2",
    ] {
        assert!(
            Draft::read(text, &knows).is_err(),
            "{}",
            text.chars().take(40).collect::<String>()
        );
    }
}

#[test]
fn a_bare_configuration_is_told_where_it_belongs() {
    let notes = refusals("name: X\nagent_type: llm_agent\nllm_config: {model: builtin}");
    assert_eq!(notes.len(), 1);
    assert_eq!(notes[0].field, "system_config");
}

#[test]
fn a_key_that_stands_twice_is_refused_by_name() {
    let json = |more: &str| {
        format!(
            "{{\"is_public\": false, \"allowed_origins\": [\"https://shop.example\"], {more}\"system_config\": {{\"name\": \"A\", \
             \"agent_type\": \"llm_agent\", \"llm_config\": {{\"model\": \"builtin\"}}}}}}"
        )
    };
    assert_eq!(read(&json("")).is_public, Some(false));
    for (more, key) in [
        ("\"is_public\": true, ", "is_public"),
        ("\"allowed_origins\": [\"https://evil.example\"], ", "allowed_origins"),
        ("\"widget\": {\"title\": \"A\", \"title\": \"B\"}, ", "title"),
        ("\"is\\u005fpublic\": true, ", "is_public"),
    ] {
        let notes = refusals(&json(more));
        assert!(notes[0].message.contains(&format!("`{key}`")), "{notes:?}");
    }
    let yaml = body("is_public: false\nallowed_origins: []\nis_public: true", "");
    let notes = refusals(&yaml);
    assert!(notes[0].message.contains("is_public"), "{notes:?}");
}
