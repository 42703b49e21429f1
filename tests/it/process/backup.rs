//! `atthene backup`: a copy of a database that is in use, and what is sound and what is not.

use std::process::Output;

use reqwest::StatusCode;

use super::Place;
use super::signals::{place, slow_vendor};

fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!("{}{}", text(&output.stdout), text(&output.stderr))
}

#[tokio::test]
async fn a_backup_in_the_middle_of_an_answer_is_whole_and_can_be_served() {
    let (upstream, go_on) = slow_vendor().await;
    let mut place = place(&upstream, "300");
    let served = place.serve().await;
    let visitor = served.visitor().start().await;
    let mut events = visitor.events(0).await;
    assert_eq!(visitor.send("c1", "One").await.status(), StatusCode::ACCEPTED);
    events.until("TEXT_MESSAGE_CONTENT").await;

    let output = place.run(&["backup", "copy.db"]);
    assert!(output.status.success(), "{}", said(&output));
    let told = said(&output);
    assert!(told.contains("copy.db: 1 agent, 1 conversation, 2 messages"), "{told}");
    assert!(told.contains("found nothing wrong"), "{told}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(place.path().join("copy.db")).unwrap().permissions();
        assert_eq!(mode.mode() & 0o777, 0o600);
    }
    for checked in [&["backup", "--check"][..], &["backup", "--check", "copy.db"][..]] {
        let output = place.run(checked);
        assert!(output.status.success(), "{checked:?} {}", said(&output));
    }
    // The server was not held up, and what it does next is not in the copy.
    go_on.notify_one();
    events.until("RUN_FINISHED").await;
    assert_eq!(visitor.history().await[1]["content"], "Half and whole");

    place
        .env
        .push(("ATTHENE__DATABASE_URL".to_owned(), "sqlite:copy.db".to_owned()));
    let restored = place.serve().await;
    let again = restored.resumed(&visitor).await;
    let history = again.history().await;
    assert_eq!(history[0]["content"], "One");
    assert_eq!(
        history[1]["status"], "interrupted",
        "what ran at that moment can be tried again"
    );
    go_on.notify_one();
    let retried = again.session_request(reqwest::Method::POST, "/retry").send().await;
    assert_eq!(retried.unwrap().status(), StatusCode::ACCEPTED);
    again.events(0).await.until("RUN_FINISHED").await;
    assert_eq!(again.history().await[1]["content"], "Half and whole");
}

#[tokio::test]
async fn a_backup_writes_over_nothing() {
    let place = Place::new("builtin", &[]);
    let file = place.path().join("copy.db");
    std::fs::write(&file, "somebody's own").unwrap();
    let output = place.run(&["backup", "copy.db"]);
    assert!(!output.status.success());
    assert!(said(&output).contains("is there already"), "{}", said(&output));
    assert_eq!(std::fs::read(&file).unwrap(), b"somebody's own");
    std::fs::remove_file(&file).unwrap();
    // What a backup that was killed left behind is no obstacle, and none is left behind by this one.
    std::fs::write(place.path().join("copy.db.part"), "half of it").unwrap();
    let output = place.run(&["backup", "copy.db"]);
    assert!(output.status.success(), "{}", said(&output));
    assert!(!place.path().join("copy.db.part").exists());
}

#[tokio::test]
async fn a_damaged_database_is_found_and_no_backup_is_made_of_it() {
    let place = Place::new("builtin", &[]);
    let served = place.serve().await;
    for number in 0..20 {
        let visitor = served.visitor().start().await;
        visitor.send("c1", &format!("{number} {}", "long ".repeat(800))).await;
    }
    served.terminate();
    served.ended().await;
    assert!(place.run(&["backup", "good.db"]).status.success());
    let database = place.path().join("data/atthene.db");
    for damaged in [&database, &place.path().join("good.db")] {
        let mut bytes = std::fs::read(damaged).unwrap();
        // The whole pages in the middle, but not the first, which says what the file is.
        let pages = bytes.len() / 4_096;
        for page in pages / 2..pages {
            bytes[page * 4_096..page * 4_096 + 100].fill(0xa5);
        }
        std::fs::write(damaged, bytes).unwrap();
    }
    for asked in [
        &["backup", "--check"][..],
        &["backup", "--check", "good.db"][..],
        &["backup", "bad.db"][..],
    ] {
        let output = place.run(asked);
        assert!(!output.status.success(), "{asked:?}: {}", said(&output));
    }
    assert!(!place.path().join("bad.db").exists());
    assert!(!place.path().join("bad.db.part").exists());
}

#[tokio::test]
async fn a_backup_of_nothing_makes_nothing() {
    let place = Place::new("builtin", &[("ATTHENE__DATABASE_URL", "sqlite:there/is.db")]);
    let output = place.run(&["backup", "copy.db", "--database-url", "sqlite:none.db"]);
    assert!(!output.status.success());
    assert!(
        said(&output).contains("there is no database none.db"),
        "{}",
        said(&output)
    );
    for file in ["none.db", "copy.db", "copy.db.part"] {
        assert!(!place.path().join(file).exists(), "{file}");
    }
    std::fs::write(place.path().join("text.db"), "").unwrap();
    let output = place.run(&["backup", "--check", "text.db"]);
    assert!(
        said(&output).contains("is no database of AttheneChat"),
        "{}",
        said(&output)
    );
}
