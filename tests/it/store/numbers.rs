//! The numbers of a session: they only rise, and nobody gets one twice.

use std::collections::BTreeSet;

use atthene_protocol::ids::{RunId, SessionId};
use atthene_server::model::conversation::Status;
use futures_util::future::join_all;

use super::{BLOCK, on_every_backend};

#[tokio::test]
async fn each_turn_starts_above_all_that_was_reserved_before() {
    on_every_backend(async |bench| {
        let session = bench.session("demo").await;
        assert_eq!(bench.send(&session, "one").await, 1);
        assert_eq!(
            bench
                .store
                .reserve_seqs(&bench.workspace, &session.id, 5)
                .await
                .unwrap(),
            11
        );
        bench.end("one", Status::Completed, 12).await;
        assert_eq!(bench.send(&session, "two").await, 16);
    })
    .await;
}

#[tokio::test]
async fn reserving_is_not_a_change_that_anybody_sees() {
    on_every_backend(async |bench| {
        let session = bench.session("demo").await;
        bench
            .store
            .reserve_seqs(&bench.workspace, &session.id, 50)
            .await
            .unwrap();
        assert_eq!(bench.find(&session).await.last_seq, 0);
    })
    .await;
}

#[tokio::test]
async fn numbers_of_an_absent_session_or_of_strangers_cannot_be_reserved() {
    on_every_backend(async |bench| {
        let session = bench.session("demo").await;
        assert!(bench.store.reserve_seqs(&bench.stranger, &session.id, 5).await.is_err());
        let absent = SessionId("sess_absent".to_owned());
        assert!(bench.store.reserve_seqs(&bench.workspace, &absent, 5).await.is_err());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn parallel_reservations_never_collide() {
    on_every_backend(async |bench| {
        let session = bench.session("demo").await;
        let doors = [bench.store.clone(), bench.open_again().await];
        let reservations = (0..60_u64).map(|number| {
            let (store, workspace) = (doors[usize::from(number % 3 == 0)].clone(), bench.workspace.clone());
            let (session, count) = (session.id.clone(), number % 4 + 1);
            tokio::spawn(async move {
                let first = store.reserve_seqs(&workspace, &session, count).await.unwrap();
                first..first + count
            })
        });
        let numbers: Vec<u64> = join_all(reservations)
            .await
            .into_iter()
            .flat_map(Result::unwrap)
            .collect();
        let distinct: BTreeSet<_> = numbers.iter().copied().collect();
        assert_eq!(numbers.len(), distinct.len());
        assert_eq!(
            distinct.last().copied(),
            u64::try_from(numbers.len()).ok(),
            "no number is left out either"
        );
    })
    .await;
}

#[tokio::test]
async fn a_late_checkpoint_does_not_take_the_numbers_back() {
    on_every_backend(async |bench| {
        let session = bench.session("demo").await;
        bench.send(&session, "one").await;
        let run_id = RunId("run_one".to_owned());
        for seq in [8, 3] {
            assert!(
                bench
                    .store
                    .checkpoint_turn(&bench.workspace, &run_id, "so far", seq)
                    .await
                    .unwrap()
            );
        }
        assert_eq!(bench.find(&session).await.last_seq, 8);
        assert_eq!(bench.messages(&session).await[1].seq, 8);
    })
    .await;
}

#[tokio::test]
async fn an_end_beyond_the_reserved_block_is_never_given_out_again() {
    on_every_backend(async |bench| {
        let session = bench.session("demo").await;
        bench.send(&session, "one").await;
        bench.end("one", Status::Completed, 2 * BLOCK).await;
        assert_eq!(bench.send(&session, "two").await, 2 * BLOCK + 1);
    })
    .await;
}
