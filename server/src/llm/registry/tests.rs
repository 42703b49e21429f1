//! Tests of names and keys.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use crate::config::{ProviderKind, ProviderSettings, Secret, Settings};
use crate::llm::{ModelErrorKind, ModelRequest, open};

fn settings() -> Settings {
    let mut settings = Settings::default();
    settings.providers.insert(
        "local".to_owned(),
        ProviderSettings {
            kind: ProviderKind::Openai,
            base_url: "http://127.0.0.1:11434/v1/".to_owned(),
            api_key: None,
            api_key_env: None,
            can_see: None,
        },
    );
    settings
        .models
        .insert("fast".to_owned(), "local/llama3.2:1b".to_owned());
    settings
}

#[test]
fn names_lead_to_their_models() {
    let llm = open(&settings(), &|_| None).unwrap();
    for (model, is_known) in [
        ("builtin", true),
        ("fast", true),
        ("local/anything/at:all", true),
        ("local/", false),
        ("slow", false),
        ("elsewhere/x", false),
        ("", false),
    ] {
        assert_eq!(llm.knows(model), is_known, "{model}");
    }
}

#[test]
fn a_short_name_that_leads_nowhere_is_refused_at_the_start() {
    let mut settings = settings();
    settings.models.insert("slow".to_owned(), "remote/big".to_owned());
    assert!(open(&settings, &|_| None).err().unwrap().starts_with("models.slow"));
    settings.models.remove("slow");
    settings.models.insert("builtin".to_owned(), "local/x".to_owned());
    assert!(open(&settings, &|_| None).err().unwrap().starts_with("models.builtin"));
}

#[test]
fn a_key_comes_from_the_variable_that_is_named() {
    let mut settings = settings();
    let provider = settings.providers.get_mut("local").unwrap();
    provider.api_key_env = Some("LOCAL_KEY".to_owned());
    assert!(open(&settings, &|name| (name == "LOCAL_KEY").then(|| "k".to_owned())).is_ok());
    let problem = open(&settings, &|_| None).err().unwrap();
    assert!(
        problem.contains("providers.local") && problem.contains("LOCAL_KEY"),
        "{problem}"
    );
    settings.providers.get_mut("local").unwrap().api_key = Some(Secret::new("k"));
    assert!(open(&settings, &|_| None).is_ok());
}

#[tokio::test]
async fn an_unknown_model_is_said_to_be_unknown() {
    let llm = open(&settings(), &|_| None).unwrap();
    let error = llm.ask(ModelRequest::default()).await.err().unwrap();
    assert_eq!(error.kind, ModelErrorKind::UnknownModel);
}
