//! Settings: the commented file against the types, the order of the layers, and how mistakes are told.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::PathBuf;

use atthene_server::config::Settings;
use atthene_server::config::load::{Sources, load};

fn sources(file: Option<&str>, env: &[(&str, &str)]) -> (Sources, Option<tempfile::TempDir>) {
    let env = env
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect();
    let folder = file.map(|text| {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.toml"), text).unwrap();
        folder
    });
    let path: Option<PathBuf> = folder.as_ref().map(|folder| folder.path().join("a.toml"));
    (
        Sources {
            file: path,
            env,
            flags: Vec::new(),
        },
        folder,
    )
}

fn mistake(file: Option<&str>, env: &[(&str, &str)]) -> String {
    let (sources, _folder) = sources(file, env);
    load(&sources).unwrap_err().to_string()
}

fn as_json(settings: &Settings) -> serde_json::Value {
    serde_json::to_value(settings).unwrap()
}

#[test]
fn the_commented_file_says_what_the_defaults_are() {
    let (sources, _folder) = sources(Some(Settings::DEFAULT_FILE), &[]);
    assert_eq!(as_json(&load(&sources).unwrap()), as_json(&Settings::default()));
}

#[test]
fn the_commented_file_holds_every_setting() {
    let file: serde_json::Value =
        serde_json::to_value(toml::from_str::<toml::Table>(Settings::DEFAULT_FILE).unwrap()).unwrap();
    // Being equal as trees, both name the same fields: neither misses one.
    assert_eq!(file, as_json(&Settings::default()));
    for field in ["kind", "base_url", "api_key", "api_key_env"] {
        assert!(
            Settings::DEFAULT_FILE.contains(&format!("# {field} = ")),
            "{field} is not explained"
        );
    }
}

#[test]
fn every_setting_of_the_commented_file_is_explained() {
    let mut before = "";
    for line in Settings::DEFAULT_FILE.lines() {
        let is_setting = line.contains(" = ") && !line.starts_with('#');
        assert!(!is_setting || before.starts_with('#'), "no words stand before: {line}");
        before = line;
    }
}

#[test]
fn flags_win_over_the_environment_and_that_over_the_file() {
    let file = "public_url = \"https://file.example\"\n[limits]\nmessage_chars = 1\nagent_turns = 7\n";
    let env = [
        ("ATTHENE__PUBLIC_URL", "https://env.example"),
        ("ATTHENE__LIMITS__MESSAGE_CHARS", "2"),
        ("OTHER", "x"),
    ];
    let (mut sources, _folder) = sources(Some(file), &env);
    sources
        .flags
        .push(("--public-url", "public_url", "https://flag.example".to_owned()));
    let settings = load(&sources).unwrap();
    assert_eq!(settings.public_url, "https://flag.example");
    assert_eq!(settings.limits.message_chars, 2);
    assert_eq!(settings.limits.agent_turns, 7);
}

#[test]
fn a_provider_can_come_from_the_environment() {
    let env = [
        ("ATTHENE__PROVIDERS__LOCAL__KIND", "openai"),
        ("ATTHENE__PROVIDERS__LOCAL__BASE_URL", "http://127.0.0.1:11434/v1/"),
        ("ATTHENE__PROVIDERS__LOCAL__API_KEY", "123456"),
        ("ATTHENE__MODELS__FAST", "local/small"),
    ];
    let (sources, _folder) = sources(None, &env);
    let settings = load(&sources).unwrap();
    assert!(settings.knows_model("fast") && settings.knows_model("local/any") && settings.knows_model("builtin"));
    assert!(!settings.knows_model("other/any") && !settings.knows_model("local/"));
}

#[test]
fn an_unknown_key_is_refused_with_its_place() {
    let told = mistake(Some("[limits]\nmessage_char = 5\n"), &[]);
    assert!(
        told.contains("limits.message_char (in the file") && told.contains("message_chars"),
        "{told}"
    );
    let told = mistake(None, &[("ATTHENE__LISTN", "1")]);
    assert!(
        told.contains("ATTHENE__LISTN (in the environment)") && told.contains("`listen`"),
        "{told}"
    );
}

#[test]
fn a_wrong_value_is_told_with_the_right_form() {
    let told = mistake(None, &[("ATTHENE__LISTEN", "8080")]);
    assert!(
        told.contains("ATTHENE__LISTEN") && told.contains("127.0.0.1:8080"),
        "{told}"
    );
    let told = mistake(Some("public_url = \"https://chat.example/\"\n"), &[]);
    assert!(told.contains("write https://chat.example."), "{told}");
    let told = mistake(Some("[log]\nformat = \"xml\"\n"), &[]);
    assert!(
        told.contains("log.format") && told.contains("`text` or `json`"),
        "{told}"
    );
    let told = mistake(Some("[limits]\nagent_turns = -1\n"), &[]);
    assert!(
        told.contains("limits.agent_turns") && told.contains("whole number"),
        "{told}"
    );
}

#[test]
fn metrics_are_told_to_this_machine_alone() {
    for refused in ["0.0.0.0:9464", "192.0.2.1:9464", "[::]:9464", "port", "localhost:9464"] {
        let told = mistake(None, &[("ATTHENE__METRICS_LISTEN", refused)]);
        assert!(
            told.contains("METRICS_LISTEN") && told.contains("127.0.0.1:9464"),
            "{told}"
        );
    }
    for taken in ["", "127.0.0.1:9464", "[::1]:9464"] {
        let (sources, _folder) = sources(Some(&format!("metrics_listen = \"{taken}\"\n")), &[]);
        assert_eq!(load(&sources).unwrap().metrics_listen, taken);
    }
}

#[test]
fn the_console_has_an_origin_of_its_own_and_a_listener_or_none() {
    for (file, told) in [
        (
            "console_url = \"http://127.0.0.1:8090/\"\n",
            "write http://127.0.0.1:8090.",
        ),
        (
            "console_url = \"http://127.0.0.1:8080\"\n",
            "another origin than `public_url`",
        ),
        ("console_listen = \"8090\"\n", "such as 127.0.0.1:8090, or empty"),
        (
            "console_listen = \"localhost:8090\"\n",
            "such as 127.0.0.1:8090, or empty",
        ),
    ] {
        let found = mistake(Some(file), &[]);
        assert!(found.starts_with("console_") && found.contains(told), "{found}");
    }
    let (sources, _folder) = sources(None, &[("ATTHENE__CONSOLE_LISTEN", "")]);
    assert_eq!(load(&sources).unwrap().console_address(), None);
}

#[test]
fn no_mistake_repeats_a_secret() {
    let marker = "MARKER-of-a-secret";
    let short = format!("[visitor]\ntoken_secrets = [\"{marker}\"]\n");
    let broken = format!("[providers.x]\napi_key = \"{marker}\n");
    for told in [
        mistake(Some(&short), &[]),
        mistake(Some(&broken), &[]),
        mistake(None, &[("ATTHENE__VISITOR__TOKEN_SECRETS", marker)]),
        mistake(None, &[("ATTHENE__VISITOR", marker)]),
    ] {
        assert!(!told.contains(marker), "{told}");
        assert!(!told.is_empty());
    }
}

#[test]
fn a_named_file_must_be_there() {
    let sources = Sources {
        file: Some(PathBuf::from("no-such-file.toml")),
        ..Sources::default()
    };
    assert!(load(&sources).unwrap_err().to_string().contains("no-such-file.toml"));
}
