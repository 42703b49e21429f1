//! Tests of templates.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{FillError, Filler, MAX_BYTES, Values, problems};
use crate::model::agent::Variable;

fn declared(defaults: &[(&str, Value)]) -> BTreeMap<String, Variable> {
    defaults
        .iter()
        .map(|(name, default)| {
            let variable = Variable {
                default: (!default.is_null()).then(|| default.clone()),
                ..Variable::default()
            };
            ((*name).to_owned(), variable)
        })
        .collect()
}

fn fill(text: &str, given: &Value, declared: &BTreeMap<String, Variable>) -> Result<String, FillError> {
    let empty = Map::new();
    Filler::new(Values {
        user_input: "{{history}} and {{variables.a}}",
        history: "User: {{user_input}}",
        given: given.as_object().unwrap_or(&empty),
        declared,
    })
    .fill(text)
}

#[test]
fn what_was_said_or_given_is_never_read_as_a_template() {
    let declared = declared(&[("a", json!("default")), ("b", json!(null))]);
    let given = json!({"b": "{{variables.a}} {{user_input}} {{{{variables.a}}}}"});
    assert_eq!(
        fill(
            "{{user_input}}|{{history}}|{{variables.b}}|{{variables.a}}",
            &given,
            &declared
        )
        .unwrap(),
        "{{history}} and {{variables.a}}|User: {{user_input}}|{{variables.a}} {{user_input}} {{{{variables.a}}}}|default"
    );
}

#[test]
fn two_inserted_values_never_make_a_template_together() {
    let declared = declared(&[("open", json!(null)), ("close", json!(null))]);
    let given = json!({"open": "{{user_", "close": "input}}"});
    assert_eq!(
        fill("{{variables.open}}{{variables.close}}", &given, &declared).unwrap(),
        "{{user_input}}"
    );
    assert_eq!(fill("{{{variables.open}}}", &given, &declared).unwrap(), "{{{user_}");
}

#[test]
fn a_default_is_text_of_the_configuration_until_a_value_is_given() {
    let declared = declared(&[
        ("tone", json!("as kind as {{variables.who}}")),
        ("who", json!("a nurse")),
        ("list", json!(["{{variables.who}}", 1])),
        ("none", json!(null)),
    ]);
    let text = "Be {{ variables.tone }}.{{variables.none}} {{variables.list}}";
    assert_eq!(
        fill(text, &json!({}), &declared).unwrap(),
        "Be as kind as a nurse. [\"{{variables.who}}\",1]"
    );
    assert_eq!(
        fill(text, &json!({"who": "{{x}}", "none": true}), &declared).unwrap(),
        "Be as kind as {{x}}.true [\"{{variables.who}}\",1]"
    );
}

#[test]
fn ten_rounds_are_filled_in_and_eleven_are_not() {
    let chain = |length: usize| {
        let mut defaults: Vec<(String, Value)> = (1..length)
            .map(|at| (format!("v{at}"), json!(format!("{{{{variables.v{}}}}}", at + 1))))
            .collect();
        defaults.push((format!("v{length}"), json!("end")));
        let defaults: Vec<(&str, Value)> = defaults
            .iter()
            .map(|(name, value)| (name.as_str(), value.clone()))
            .collect();
        declared(&defaults)
    };
    // The text itself is the first round.
    assert_eq!(fill("{{variables.v1}}", &json!({}), &chain(9)).unwrap(), "end");
    assert_eq!(
        fill("{{variables.v1}}", &json!({}), &chain(10)),
        Err(FillError::TooDeep)
    );
    // The deep end first does not make the way to it shorter.
    let text = "{{variables.v10}}{{variables.v5}}{{variables.v2}}{{variables.v1}}";
    assert_eq!(fill(text, &json!({}), &chain(10)), Err(FillError::TooDeep));
}

#[test]
fn a_default_that_leads_back_to_itself_ends() {
    let declared = declared(&[
        ("a", json!("{{variables.b}}")),
        ("b", json!("{{variables.a}}{{variables.a}}")),
    ]);
    assert_eq!(fill("{{variables.a}}", &json!({}), &declared), Err(FillError::TooDeep));
    assert_eq!(fill("{{variables.a}}", &json!({"b": "x"}), &declared).unwrap(), "x");
}

#[test]
fn a_bomb_of_defaults_is_refused_quickly_even_if_it_comes_to_nothing() {
    let thousand = |name: &str| json!(format!("{{{{variables.{name}}}}}").repeat(1_000));
    let empty = declared(&[
        ("a", thousand("b")),
        ("b", thousand("c")),
        ("c", thousand("d")),
        ("d", thousand("e")),
        ("e", json!("")),
    ]);
    assert_eq!(fill("{{variables.a}}", &json!({}), &empty).unwrap(), "");
    let full = declared(&[("a", thousand("b")), ("b", thousand("c")), ("c", json!("xx"))]);
    assert_eq!(fill("{{variables.a}}", &json!({}), &full), Err(FillError::TooLong));
}

#[test]
fn the_result_has_at_most_a_mebibyte() {
    let declared = declared(&[("a", json!(null))]);
    let whole = json!({"a": "x".repeat(MAX_BYTES)});
    assert_eq!(fill("{{variables.a}}", &whole, &declared).unwrap().len(), MAX_BYTES);
    assert_eq!(fill("{{variables.a}}.", &whole, &declared), Err(FillError::TooLong));
}

#[test]
fn braces_that_are_no_template_stay() {
    let declared = BTreeMap::new();
    for text in [
        "{ {user_input}}",
        "{{user_input",
        "{{a\nb}}",
        "}}{{",
        "{\"a\": {\"b\": 1}}",
        "",
    ] {
        assert_eq!(fill(text, &json!({}), &declared).unwrap(), text);
        assert!(problems(text, &declared).is_empty(), "{text}");
    }
}

#[test]
fn every_wrong_template_is_told() {
    let declared = declared(&[("a", json!(null))]);
    let told = problems(
        "{{user_input}} {{variables.a}} {{variables.b}} {{main.output.text}} {{inputs}} {{variables.a.b}} {{inputs}}",
        &declared,
    );
    assert_eq!(told.len(), 4, "{told:?}");
    assert!(told[0].contains("no variable `b`"));
    assert!(told[1].contains("{{main.output.text}}"));
    assert!(told[2].contains("{{inputs}} is no template"));
}
