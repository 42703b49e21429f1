//! The form reads and writes both forms of a configuration, and touches nothing else.

use serde_json::{Value, json};

use super::{Field, add_knowledge_base, knowledge_bases, patch, read, write};

fn flat() -> Value {
    json!({"name": "Shop", "agent_type": "llm_agent", "system_prompt": "Help.", "llm_config": {"model": "builtin", "temperature": 0.5}})
}

fn full() -> Value {
    json!({"name": "Shop", "entry_point": "main", "agents": [
        {"name": "main", "agent_type": "llm_agent", "prompt_config": {"system_prompt": "Help."}, "llm_config": {"model": "builtin"}}
    ]})
}

#[test]
fn both_forms_are_read() {
    for config in [flat(), full()] {
        assert_eq!(read(&config, Field::Name), "Shop");
        assert_eq!(read(&config, Field::Prompt), "Help.");
        assert_eq!(read(&config, Field::Model), "builtin");
        assert_eq!(read(&config, Field::MaxTokens), "");
    }
    assert_eq!(read(&flat(), Field::Temperature), "0.5");
    assert_eq!(Field::Prompt.path(&flat()), "system_prompt");
    assert_eq!(Field::Prompt.path(&full()), "agents[0].prompt_config.system_prompt");
    assert_eq!(Field::Name.path(&full()), "name");
}

#[test]
fn what_is_written_can_be_read_and_nothing_else_changes() {
    for config in [flat(), full(), json!({})] {
        for field in Field::ALL {
            let mut changed = config.clone();
            write(&mut changed, field, "7");
            assert_eq!(read(&changed, field).trim_end_matches(".0"), "7");
            for other in Field::ALL.into_iter().filter(|other| *other != field) {
                assert_eq!(read(&changed, other), read(&config, other));
            }
        }
    }
}

#[test]
fn an_empty_field_leaves_the_configuration_and_a_bad_number_stays_as_typed() {
    let mut config = flat();
    write(&mut config, Field::Temperature, "");
    assert_eq!(config["llm_config"], json!({"model": "builtin"}));
    write(&mut config, Field::MaxTokens, "many");
    assert_eq!(config["llm_config"]["max_tokens"], "many");
    let mut none = json!({});
    write(&mut none, Field::Model, "");
    assert_eq!(none, json!({}));
}

#[test]
fn a_knowledge_base_is_named_once() {
    for mut config in [flat(), full()] {
        add_knowledge_base(&mut config, "docs");
        add_knowledge_base(&mut config, "docs");
        assert_eq!(knowledge_bases(&config), ["docs"]);
    }
}

#[test]
fn a_patch_says_what_is_new_and_what_is_gone() {
    let old = json!({"a": 1, "b": {"c": 2, "d": 3}, "e": [1]});
    let new = json!({"a": 1, "b": {"c": 4}, "e": [1, 2], "f": true});
    assert_eq!(
        patch(&old, &new),
        json!({"b": {"c": 4, "d": null}, "e": [1, 2], "f": true})
    );
}
