//! The audit log.

use atthene_server::model::audit::AuditEntry;

use super::{Bench, NOW, on_every_backend};

fn draft_entry(bench: &Bench, number: i64) -> AuditEntry {
    AuditEntry {
        workspace: bench.workspace.clone(),
        at: NOW.plus_ms(number),
        actor: "cli".to_owned(),
        action: "agent.updated".to_owned(),
        subject: format!("agt_{number}"),
        detail: serde_json::json!({"version_number": number}),
    }
}

#[tokio::test]
async fn entries_come_back_newest_first_up_to_the_limit() {
    on_every_backend(async |bench| {
        for number in 0..5 {
            bench.store.append_audit(&draft_entry(&bench, number)).await.unwrap();
        }
        let newest = bench.store.list_audit(&bench.workspace, 2).await.unwrap();
        assert_eq!(newest, [draft_entry(&bench, 4), draft_entry(&bench, 3)]);
        assert_eq!(bench.store.list_audit(&bench.workspace, 100).await.unwrap().len(), 5);
    })
    .await;
}

#[tokio::test]
async fn another_workspace_reads_no_entries() {
    on_every_backend(async |bench| {
        bench.store.append_audit(&draft_entry(&bench, 1)).await.unwrap();
        assert!(bench.store.list_audit(&bench.stranger, 10).await.unwrap().is_empty());
    })
    .await;
}
