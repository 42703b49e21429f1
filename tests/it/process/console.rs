//! The console of the binary itself: the link of the first owner on the standard output or in a file, and nowhere else;
//! users by the command line, which a running server follows.

use std::io::Write;
use std::path::Path;
use std::process::{Output, Stdio};

use atthene_tests::ConsoleUser;
use atthene_tests::console_user::log_in;
use atthene_tests::files::files_below;
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};

use super::{PATIENCE, Place, Served};

const PASSWORD: &str = "marker-password 0123456789";
const GUESS: &str = "marker-guess 0123456789";

/// Where the console listens, as the log tells.
fn console(served: &Served) -> String {
    let log = served.log.lock().unwrap();
    let lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let line = lines.into_iter().find(|line| line["message"] == "the console listens");
    format!("http://{}", line.unwrap()["address"].as_str().unwrap())
}

async fn set_up(console: &str, token: &str, email: &str) -> Response {
    let body = json!({ "token": token, "email": email, "name": "Ada", "password": PASSWORD });
    let request = Client::new().post(format!("{console}/api/v1/auth/setup")).json(&body);
    request.send().await.unwrap()
}

#[tokio::test]
async fn the_printed_link_makes_the_owner_and_no_secret_is_in_the_log_or_the_database() {
    let place = Place::new("builtin", &[("ATTHENE__LOG__FILTER", "trace")]);
    let mut served = place.serve().await;
    let link = tokio::time::timeout(PATIENCE, served.link.take().unwrap())
        .await
        .unwrap()
        .unwrap();
    let token = link
        .strip_prefix("http://127.0.0.1:8090/setup#token=")
        .unwrap()
        .to_owned();
    let console = console(&served);
    assert_eq!(
        set_up(&console, "wrong", "ada@example.com").await.status(),
        StatusCode::UNAUTHORIZED
    );
    let owner = ConsoleUser::of(&console, set_up(&console, &token, "ada@example.com").await).await;
    assert_eq!(owner.user["role"], "owner");
    assert_eq!(
        log_in(&console, "ada@example.com", GUESS).await.status(),
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(log_in(&console, GUESS, GUESS).await.status(), StatusCode::UNAUTHORIZED);
    let again = ConsoleUser::of(&console, log_in(&console, "ada@example.com", PASSWORD).await).await;
    let wish = json!({ "email": "grace@example.com", "name": "Grace", "role": "viewer" });
    let (_, invited) = owner.post("/api/v1/users/", &wish).await;
    let invitation = invited["invite_url"]
        .as_str()
        .unwrap()
        .split_once("#token=")
        .unwrap()
        .1
        .to_owned();
    served.terminate();
    let (_, log) = served.ended().await;
    assert!(log.contains("\"level\":\"DEBUG\""), "the log is on");
    let files = files_below(&place.path().join("data"));
    let database: Vec<u8> = files.iter().flat_map(|file| std::fs::read(file).unwrap()).collect();
    let has = |bytes: &[u8], secret: &str| bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
    assert!(has(&database, "ada@example.com") && has(&database, "$argon2id$v=19$m=19456,t=2,p=1$"));
    for secret in [
        &token,
        PASSWORD,
        GUESS,
        owner.secret(),
        &owner.csrf,
        again.secret(),
        &again.csrf,
        &invitation,
    ] {
        let hits: Vec<&str> = log.lines().filter(|line| line.contains(secret)).take(3).collect();
        assert!(hits.is_empty(), "{secret} is in the log: {hits:#?}");
        assert!(!has(&database, secret), "{secret} is in the database");
    }
    let second = place.serve().await;
    let answer = set_up(&self::console(&second), &token, "eve@example.com").await;
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn in_a_container_the_token_is_in_a_file_that_only_its_owner_reads() {
    let place = Place::new("builtin", &[("ATTHENE_SETUP_TOKEN_FILE", "secrets/token")]);
    std::fs::create_dir(place.path().join("secrets")).unwrap();
    let file = place.path().join("secrets/token");
    std::fs::write(&file, "of an earlier start").unwrap();
    let served = place.serve().await;
    let told = async {
        while !served.log.lock().unwrap().contains("the set-up token is in this file") {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, told).await.unwrap();
    let token = std::fs::read_to_string(&file).unwrap();
    assert_private(&file);
    assert!(!served.log.lock().unwrap().contains(token.trim()));
    let answer = set_up(&console(&served), token.trim(), "ada@example.com").await;
    assert_eq!(answer.status(), StatusCode::CREATED);
}

#[cfg(unix)]
fn assert_private(file: &Path) {
    use std::os::unix::fs::PermissionsExt;
    assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
}

#[cfg(not(unix))]
fn assert_private(_: &Path) {}

fn say(place: &Place, args: &[&str], input: &str) -> Output {
    let mut command = place.command(args);
    let command = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

#[tokio::test]
async fn the_command_line_makes_invites_lists_and_disables_users_of_a_running_server() {
    let place = Place::new("builtin", &[]);
    let served = place.serve().await;
    let console = console(&served);
    let create = ["user", "create", "--email", "ada@example.com", "--name", "Ada"];
    let short = say(&place, &create, "short\n");
    let told = String::from_utf8(short.stderr).unwrap();
    assert!(
        !short.status.success() && told.contains("password: A password has at least 12 characters"),
        "{told}"
    );
    let made = say(&place, &create, &format!("{PASSWORD}\n"));
    assert!(made.status.success(), "{made:?}");
    let owner = ConsoleUser::of(&console, log_in(&console, "ada@example.com", PASSWORD).await).await;
    let invite = place.run(&[
        "user",
        "invite",
        "grace@example.com",
        "--name",
        "Grace",
        "--role",
        "admin",
    ]);
    let link = String::from_utf8(invite.stdout).unwrap();
    let token = link
        .lines()
        .next()
        .unwrap()
        .strip_prefix("http://127.0.0.1:8090/invite#token=")
        .unwrap();
    let grace = ConsoleUser::of(&console, set_up(&console, token, "").await).await;
    assert_eq!(
        (&grace.user["email"], &grace.user["role"]),
        (&json!("grace@example.com"), &json!("admin"))
    );
    let list = String::from_utf8(place.run(&["user", "list"]).stdout).unwrap();
    assert!(list.contains("ada@example.com  Ada  owner  active  by cli"), "{list}");
    assert!(!list.contains("$argon2id"), "{list}");
    assert!(place.run(&["user", "disable", "grace@example.com"]).status.success());
    let out = async { while grace.get("/api/v1/agent").await.0 != StatusCode::UNAUTHORIZED {} };
    tokio::time::timeout(PATIENCE, out).await.unwrap();
    let last = place.run(&["user", "disable", "ada@example.com"]);
    let told = String::from_utf8(last.stderr).unwrap();
    assert!(
        !last.status.success() && told.contains("the last active owner"),
        "{told}"
    );
    assert_eq!(owner.get("/api/v1/agent").await.0, StatusCode::OK);
}
