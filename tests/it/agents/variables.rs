//! Variables: how they are declared, and how inputs are put together with what a session has kept.

use atthene_server::domain::agents::runnable_config;
use atthene_server::domain::agents::variables::{Giver, InputsRefused, MAX_KEPT_BYTES, merge};
use atthene_server::model::agent::Variable;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

use super::{body, read, refusals};

fn declared(variables: &str) -> BTreeMap<String, Variable> {
    let draft = read(&body("", &format!("variables: {variables}")));
    runnable_config(&draft.system_config).unwrap().variables
}

fn map(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

fn given(variables: &str, kept: Value, inputs: Value) -> Result<Value, InputsRefused> {
    merge(&declared(variables), &map(kept), &map(inputs), Giver::Api).map(Value::Object)
}

fn fields(refused: &InputsRefused) -> Vec<&str> {
    refused.notes().iter().map(|note| note.field.as_str()).collect()
}

#[test]
fn a_declaration_is_read_with_its_defaults() {
    let declared = declared("{name: {type: string, default: Ann, visitor: true}, tags: {type: array, mode: concat}}");
    assert_eq!(
        json!(declared),
        json!({"name": {"type": "string", "default": "Ann", "visitor": true}, "tags": {"type": "array", "mode": "concat"}})
    );
}

#[test]
fn every_wrong_declaration_is_refused_by_its_field() {
    let cases = [
        ("{a: {type: text}}", "a.type"),
        ("{a: {}}", "a.type"),
        ("{a: {type: 3}}", "a.type"),
        ("{a: string}", "a"),
        ("{a: {type: string, default: 3}}", "a.default"),
        ("{a: {type: number, default: '3'}}", "a.default"),
        ("{a: {type: array, default: {}}}", "a.default"),
        ("{a: {type: string, default: '{{variables.b}}'}}", "a.default"),
        ("{a: {type: string, default: '{{variables.a}}'}}", "a.default"),
        ("{a: {type: string, required: yes}}", "a.required"),
        ("{a: {type: string, visitor: 1}}", "a.visitor"),
        ("{a: {type: string, mode: append}}", "a.mode"),
        ("{a: {type: number, mode: concat}}", "a.mode"),
        ("{a: {type: string, separator: ', '}}", "a.separator"),
        ("{a: {type: array, mode: concat, separator: ', '}}", "a.separator"),
        ("{a-b: {type: string}}", "a-b"),
        ("{1a: {type: string}}", "1a"),
        ("[a]", ""),
    ];
    for (variables, field) in cases {
        let notes = refusals(&body("", &format!("variables: {variables}")));
        let path = format!("system_config.variables.{field}");
        assert_eq!(
            notes.iter().map(|note| note.field.as_str()).collect::<Vec<_>>(),
            [path.trim_end_matches('.')],
            "{notes:?}"
        );
    }
}

#[test]
fn a_configuration_without_variables_keeps_its_hash() {
    let plain = read(&body("", "system_prompt: Hi")).config_hash;
    for nothing in [
        "variables: {}",
        "content_policy: {blocked_phrases: [], moderation: false}",
        "prompt_config: {include_history: true, include_user_input: true, few_shot_examples: []}",
    ] {
        assert_eq!(
            read(&body("", &format!("system_prompt: Hi\n{nothing}"))).config_hash,
            plain
        );
    }
    // As version 0.1 wrote it.
    assert_eq!(
        read(&body("", "system_prompt: Hi")).system_config,
        json!({"name": "Support Assistant", "agent_type": "llm_agent", "system_prompt": "Hi",
            "llm_config": {"model": "builtin"}, "knowledge_bases": []})
    );
}

#[test]
fn what_was_normalised_reads_as_the_same_again() {
    let draft = read(&body(
        "",
        "system_prompt: '{{variables.a}}'\n\
         variables: {a: {type: string, default: x, required: true, mode: concat, separator: ', ', description: d}}\n\
         prompt_config: {include_user_input: false, include_history: false, few_shot_examples: [{user: q, assistant: a}]}\n\
         content_policy: {blocked_phrases: [Secret   plan, Secret plan], moderation: true}",
    ));
    let again = read(&json!({ "system_config": draft.system_config }).to_string());
    assert_eq!(again.system_config, draft.system_config);
    assert_eq!(again.config_hash, draft.config_hash);
    assert!(again.warnings.is_empty());
    assert_eq!(
        draft.system_config["content_policy"],
        json!({"blocked_phrases": ["Secret plan"], "moderation": true})
    );
}

#[test]
fn a_new_value_replaces_or_joins_the_one_before() {
    let variables = "{a: {type: string}, b: {type: string, mode: concat, separator: ', ', default: d}, \
                     c: {type: array, mode: concat}, e: {type: string, mode: concat}}";
    let first = given(variables, json!({}), json!({"a": "1", "b": "1", "c": [1], "e": "1"})).unwrap();
    // The default stands in until something is given; it is not what is joined to.
    assert_eq!(first, json!({"a": "1", "b": "1", "c": [1], "e": "1"}));
    let second = given(variables, first, json!({"a": "2", "b": "2", "c": [[2], 3], "e": "2"})).unwrap();
    assert_eq!(second, json!({"a": "2", "b": "1, 2", "c": [1, [2], 3], "e": "1\n2"}));
    assert_eq!(given(variables, second.clone(), json!({"a": null})).unwrap(), second);
}

#[test]
fn unknown_and_ill_typed_inputs_are_refused_together() {
    let variables = "{s: {type: string}, n: {type: number}, b: {type: boolean}, o: {type: object}, a: {type: array}}";
    let all = json!({"s": "x", "n": 1.5, "b": false, "o": {}, "a": []});
    assert_eq!(given(variables, json!({}), all.clone()).unwrap(), all);
    let wrong = given(
        variables,
        json!({}),
        json!({"s": 1, "n": "1", "b": 0, "o": [], "a": {}, "x": 1}),
    )
    .unwrap_err();
    assert!(matches!(wrong, InputsRefused::Wrong(_)));
    let mut named = fields(&wrong);
    named.sort_unstable();
    assert_eq!(
        named,
        ["inputs.a", "inputs.b", "inputs.n", "inputs.o", "inputs.s", "inputs.x"]
    );
}

#[test]
fn a_visitor_sets_only_what_is_marked_and_learns_nothing_of_the_rest() {
    let declared = declared("{open: {type: string, visitor: true}, closed: {type: string}}");
    let kept = map(json!({"closed": "kept"}));
    let by = |inputs: Value| merge(&declared, &kept, &map(inputs), Giver::Visitor);
    assert_eq!(
        Value::Object(by(json!({"open": "x"})).unwrap()),
        json!({"open": "x", "closed": "kept"})
    );
    let refused = by(json!({"open": "x", "closed": 3, "unknown": 1})).unwrap_err();
    assert_eq!(fields(&refused), ["inputs.closed", "inputs.unknown"]);
    assert_eq!(refused.notes()[0].message, refused.notes()[1].message);
    assert!(by(json!({"closed": null})).is_err());
}

#[test]
fn a_missing_variable_is_named() {
    let variables = "{r: {type: string, required: true}, d: {type: string, required: true, default: x}, \
                     e: {type: string, require_every_execution: true, default: x}}";
    let missing = |kept: Value, inputs: Value| given(variables, kept, inputs).unwrap_err();
    let none = missing(json!({}), json!({}));
    assert!(matches!(none, InputsRefused::Missing(_)));
    assert_eq!(fields(&none), ["inputs.e", "inputs.r"]);
    assert_eq!(fields(&missing(json!({}), json!({"e": "x", "r": null}))), ["inputs.r"]);
    assert_eq!(
        fields(&missing(json!({"r": "kept", "e": "kept"}), json!({}))),
        ["inputs.e"]
    );
    given(variables, json!({"r": "kept"}), json!({"e": "x"})).unwrap();
}

#[test]
fn a_session_does_not_keep_more_and_more() {
    let variables = "{a: {type: string, mode: concat}}";
    let half = "x".repeat(MAX_KEPT_BYTES / 2);
    let kept = given(variables, json!({}), json!({"a": half})).unwrap();
    assert_eq!(
        fields(&given(variables, kept, json!({"a": half})).unwrap_err()),
        ["inputs"]
    );
}
