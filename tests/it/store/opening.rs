//! Opening a store: the address, the file, a second process, a restart.

use atthene_server::store::{self, StoreError};
use futures_util::future::join_all;

use super::{Bench, on_every_backend};

async fn refusal(url: &str) -> String {
    match store::open(url).await {
        Err(StoreError::Address(why)) => why,
        Err(other) => panic!("{url}: {other}"),
        Ok(_) => panic!("{url} was opened"),
    }
}

#[tokio::test]
async fn an_address_that_we_cannot_open_is_refused_with_what_would_be_right() {
    for url in [
        "",
        "atthene.db",
        "sqlite:",
        "sqlite://",
        "sqlite::memory:",
        "mysql://root:secret@db/atthene",
    ] {
        let why = refusal(url).await;
        assert!(why.contains("sqlite:PATH"), "{why}");
        assert!(!why.contains("secret"), "{why}");
    }
}

#[tokio::test]
async fn a_path_that_cannot_be_made_is_named() {
    let bench = Bench::sqlite().await;
    let path = bench.home.path().join("data/atthene.db/below-a-file.db");
    let error = store::open(&format!("sqlite:{}", path.display())).await.err().unwrap();
    assert!(error.to_string().contains("below-a-file.db"), "{error}");
}

#[tokio::test]
async fn a_store_opened_again_has_kept_everything() {
    on_every_backend(async |bench| {
        let session = bench.session("demo").await;
        bench.turn(&session, "one").await;
        let before = bench.messages(&session).await;
        let mut bench = bench;
        bench.store = bench.open_again().await;
        assert_eq!(bench.messages(&session).await, before);
        assert_eq!(bench.send(&session, "two").await, 11);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_processes_may_start_on_the_same_empty_place() {
    let home = tempfile::TempDir::new().unwrap();
    let url = format!("sqlite:{}", home.path().join("atthene.db").display());
    let doors = (0..6).map(|_| {
        let url = url.clone();
        tokio::spawn(async move { store::open(&url).await.map(drop) })
    });
    for door in join_all(doors).await {
        door.unwrap().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_process_writes_at_the_same_time() {
    on_every_backend(async |bench| {
        let doors = [bench.store.clone(), bench.open_again().await];
        let writes = (0..40).map(|number: usize| {
            let (store, agent) = (doors[number % 2].clone(), bench.draft_agent(&format!("a{number}")));
            tokio::spawn(async move { store.create_agent(&agent).await.unwrap() })
        });
        assert!(join_all(writes).await.into_iter().all(Result::unwrap));
        assert_eq!(bench.store.list_all_agents().await.unwrap().len(), 40);
        assert_eq!(bench.store.agents_revision().await.unwrap(), 40);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn work_that_fails_does_not_undo_the_work_beside_it() {
    on_every_backend(async |bench| {
        let agent = bench.agent("demo").await;
        // Every third points at an agent that is not there.
        let writes = (0..60).map(|number| {
            let mut session = bench.draft_session(&agent, &number.to_string());
            if number % 3 == 0 {
                session.agent_id.as_mut().unwrap().0.push_str("_absent");
            }
            let store = bench.store.clone();
            tokio::spawn(async move {
                (
                    session.clone(),
                    store.create_session(&session, None, None).await.is_ok(),
                )
            })
        });
        for (number, write) in join_all(writes).await.into_iter().enumerate() {
            let (session, is_kept) = write.unwrap();
            assert_eq!(is_kept, number % 3 != 0);
            let found = bench.store.find_session(&bench.workspace, &session.id).await.unwrap();
            assert_eq!(found.is_some(), is_kept);
        }
    })
    .await;
}

#[cfg(unix)]
#[tokio::test]
async fn the_files_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;

    let bench = Bench::sqlite().await;
    bench.session("demo").await;
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let folder = bench.home.path().join("data");
    assert_eq!(mode(&folder), 0o700);
    for file in std::fs::read_dir(&folder).unwrap() {
        let path = file.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
}

#[tokio::test]
async fn what_is_deleted_is_gone_from_the_files_too() {
    let bench = Bench::sqlite().await;
    let session = bench.session("demo").await;
    bench.turn(&session, "unmistakable").await;
    let holders = || {
        let paths = std::fs::read_dir(bench.home.path().join("data"))
            .unwrap()
            .map(|file| file.unwrap().path());
        let holds = |path: &std::path::PathBuf| {
            std::fs::read(path)
                .unwrap()
                .windows(12)
                .any(|window| window == b"unmistakable")
        };
        paths.filter(holds).collect::<Vec<_>>()
    };
    assert!(!holders().is_empty());
    bench
        .store
        .delete_agent(&bench.workspace, session.agent_id.as_ref().unwrap())
        .await
        .unwrap();
    assert_eq!(holders(), Vec::<std::path::PathBuf>::new());
}
