//! A folder becomes the content of a knowledge base, and stays in step with it.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use atthene_protocol::ids::{AgentId, WorkspaceId};
use atthene_server::domain::clock::new_agent_id;
use atthene_server::domain::knowledge::{AgentKnowledge, Progress, Report, add_folder};
use atthene_server::model::agent::Agent;
use atthene_server::model::time::Timestamp;
use atthene_server::runner::Knowledge;
use atthene_server::store::{self, Store};
use tempfile::TempDir;

/// A store with one agent, and a folder.
pub(crate) struct Shelf {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) workspace: WorkspaceId,
    pub(crate) agent: AgentId,
    pub(crate) dir: TempDir,
}

pub(crate) async fn shelf() -> Shelf {
    let dir = TempDir::new().unwrap();
    let store = store::open(&format!("sqlite:{}", dir.path().join("test.db").display()))
        .await
        .unwrap();
    let workspace = WorkspaceId::default_workspace();
    let agent = new_agent_id();
    let made = store
        .create_agent(&Agent {
            id: agent.clone(),
            workspace: workspace.clone(),
            agent_key: "shelf".to_owned(),
            name: "Shelf".to_owned(),
            is_public: true,
            is_default: false,
            dev_mode: false,
            allow_any_origin: false,
            allowed_origins: Vec::new(),
            system_config: serde_json::json!({}),
            config_hash: String::new(),
            version_number: 1,
            created_by: None,
            token_budget_per_day: None,
            widget: Default::default(),
            created_at: Timestamp(0),
            updated_at: Timestamp(0),
        })
        .await
        .unwrap();
    assert!(made);
    Shelf {
        store,
        workspace,
        agent,
        dir,
    }
}

impl Shelf {
    fn folder(&self) -> std::path::PathBuf {
        self.dir.path().join("docs")
    }

    fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let place = self.folder().join(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, text).unwrap();
    }

    async fn add(&self) -> (Report, Vec<Progress>) {
        let mut steps = Vec::new();
        let mut keep = |step| steps.push(step);
        let report = add_folder(
            &*self.store,
            &self.workspace,
            &self.agent,
            "docs",
            &self.folder(),
            Timestamp(1),
            &mut keep,
        )
        .await
        .unwrap();
        (report, steps)
    }

    async fn search(&self, question: &str) -> Vec<String> {
        let knowledge = AgentKnowledge {
            store: Arc::clone(&self.store),
            workspace: self.workspace.clone(),
            agent: Some(self.agent.clone()),
            bases: vec!["docs".to_owned()],
        };
        knowledge
            .search(question, 6)
            .await
            .into_iter()
            .map(|found| found.passage.path)
            .collect()
    }
}

#[tokio::test]
async fn a_folder_is_indexed_once_and_kept_in_step() {
    let shelf = shelf().await;
    shelf.write("a.md", "# Apples\n\nApples are grown in orchards.");
    shelf.write(
        "sub/b.html",
        "<html><script>let evil = 'bananas'</script><h1>Pears</h1><p>Pears are sweet.</p></html>",
    );
    shelf.write("c.txt", "Quinces need cooking.");
    shelf.write("picture.png", b"\x89PNG");
    shelf.write(".hidden.md", "# Hidden");
    let (report, _) = shelf.add().await;
    assert_eq!((report.indexed, report.passages, report.skipped), (3, 3, 0));
    assert_eq!(shelf.search("Where are apples grown?").await, ["a.md"]);
    assert_eq!(shelf.search("pears").await, ["sub/b.html"]);
    assert!(shelf.search("bananas").await.is_empty());

    let (report, steps) = shelf.add().await;
    assert_eq!((report.indexed, report.unchanged), (0, 3));
    assert_eq!(steps[0], Progress::Files(3));

    shelf.write("a.md", "# Apples\n\nNow about cherries.");
    fs::remove_file(shelf.folder().join("c.txt")).unwrap();
    let (report, _) = shelf.add().await;
    assert_eq!((report.indexed, report.unchanged, report.removed), (1, 1, 1));
    assert!(shelf.search("orchards").await.is_empty());
    assert!(shelf.search("quinces").await.is_empty());
    assert_eq!(shelf.search("cherries").await, ["a.md"]);
}

#[tokio::test]
async fn what_cannot_be_read_as_text_is_left_out_with_its_reason() {
    let shelf = shelf().await;
    shelf.write("good.md", "# Good");
    shelf.write("large.txt", vec![b'a'; 2 * 1024 * 1024 + 1]);
    shelf.write("latin1.txt", b"gr\xfc\xdfe");
    let (report, steps) = shelf.add().await;
    assert_eq!(report.skipped, 2);
    let reasons: Vec<_> = steps
        .iter()
        .filter_map(|step| match step {
            Progress::Skipped { path, reason } => Some((path.as_str(), *reason)),
            _ => None,
        })
        .collect();
    assert_eq!(
        reasons,
        [("large.txt", "larger than 2 MiB"), ("latin1.txt", "not UTF-8")]
    );
}

#[cfg(unix)]
#[tokio::test]
async fn a_link_never_leads_out_of_the_folder() {
    use std::os::unix::fs::symlink;
    let shelf = shelf().await;
    shelf.write("inside.md", "# Inside\n\nwalnuts");
    fs::write(shelf.dir.path().join("secret.md"), "# Secret\n\nhazelnuts").unwrap();
    symlink(shelf.dir.path().join("secret.md"), shelf.folder().join("link.md")).unwrap();
    symlink(shelf.dir.path(), shelf.folder().join("up")).unwrap();
    symlink(shelf.folder().join("inside.md"), shelf.folder().join("again.md")).unwrap();
    let (report, _) = shelf.add().await;
    assert_eq!((report.indexed, report.skipped), (2, 1));
    assert!(shelf.search("hazelnuts").await.is_empty());
}

#[tokio::test]
async fn a_folder_that_is_not_there_removes_nothing() {
    let shelf = shelf().await;
    shelf.write("a.md", "# Apples\n\ngrown");
    shelf.add().await;
    let mut ignore = |_| ();
    let gone = Path::new("/nonexistent/folder");
    let result = add_folder(
        &*shelf.store,
        &shelf.workspace,
        &shelf.agent,
        "docs",
        gone,
        Timestamp(2),
        &mut ignore,
    )
    .await;
    assert!(result.is_err());
    assert_eq!(shelf.search("apples").await, ["a.md"]);
}
