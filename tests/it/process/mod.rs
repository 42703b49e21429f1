//! The binary itself as a process of its own: signals, files on the disk, what it writes into its log.

mod backup;
mod console;
mod draining;
mod files;
mod secrecy;
mod signals;

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use atthene_tests::TestVisitor;
use serde_json::Value;
use tempfile::TempDir;
use tokio::sync::oneshot;

const SHOP: &str = "https://shop.example";
/// How long a process may take to come up or to go.
const PATIENCE: Duration = Duration::from_secs(20);

/// A folder with an agent `shop`, in which the binary is run.
struct Place {
    dir: TempDir,
    env: Vec<(String, String)>,
}

impl Place {
    /// With an agent that asks `model`.
    fn new(model: &str, env: &[(&str, &str)]) -> Self {
        let env = env
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let place = Self {
            dir: TempDir::new().unwrap(),
            env: env.collect(),
        };
        let body = serde_json::json!({
            "agent_key": "shop", "is_public": true, "allowed_origins": [SHOP],
            "system_config": { "name": "Shop", "agent_type": "llm_agent", "system_prompt": "marker-prompt",
                "llm_config": { "model": model } },
        });
        std::fs::write(place.path().join("agent.json"), body.to_string()).unwrap();
        let applied = place.run(&["agent", "apply", "agent.json"]);
        assert!(applied.status.success(), "{applied:?}");
        place
    }

    fn path(&self) -> &Path {
        self.dir.path()
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_atthene-under-test"));
        command
            .args(args)
            .current_dir(self.path())
            .envs(self.env.iter().map(|(name, value)| (name, value)))
            .env("ATTHENE__LISTEN", "127.0.0.1:0")
            .env("ATTHENE__CONSOLE_LISTEN", "127.0.0.1:0")
            .env("ATTHENE__LOG__FORMAT", "json");
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    async fn serve(&self) -> Served {
        let mut command = self.command(&["serve"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (tell_link, link) = oneshot::channel();
        let said = BufReader::new(child.stdout.take().unwrap()).lines();
        std::thread::spawn(move || {
            let mut tell_link = Some(tell_link);
            for line in said.map_while(Result::ok).filter(|line| line.contains("#token=")) {
                let _ = tell_link.take().map(|tell| tell.send(line.trim().to_owned()));
            }
        });
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let log: Arc<Mutex<String>> = Arc::default();
        let (tell, told) = oneshot::channel();
        let kept = Arc::clone(&log);
        let reader = std::thread::spawn(move || {
            let mut tell = Some(tell);
            for line in lines.map_while(Result::ok) {
                if let Some(address) = listening(&line) {
                    let _ = tell.take().map(|tell| tell.send(address));
                }
                let mut log = kept.lock().unwrap();
                log.push_str(&line);
                log.push('\n');
            }
        });
        let address = match tokio::time::timeout(PATIENCE, told).await {
            Ok(Ok(address)) => address,
            _ => {
                let _ = child.kill();
                panic!("it does not listen: {}", log.lock().unwrap());
            }
        };
        Served {
            child: Some(child),
            reader: Some(reader),
            log,
            address,
            link: Some(link),
        }
    }
}

/// The address of the line that tells it.
fn listening(line: &str) -> Option<SocketAddr> {
    let line: Value = serde_json::from_str(line).ok()?;
    if line["message"] != "listening" {
        return None;
    }
    line["address"].as_str()?.parse().ok()
}

/// A running server; killed when dropped.
struct Served {
    child: Option<Child>,
    reader: Option<std::thread::JoinHandle<()>>,
    log: Arc<Mutex<String>>,
    address: SocketAddr,
    /// The set-up link that it prints, where it prints one.
    link: Option<oneshot::Receiver<String>>,
}

impl Served {
    fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    fn visitor(&self) -> TestVisitor {
        TestVisitor::new(&self.url(), "shop", SHOP)
    }

    async fn resumed(&self, before: &TestVisitor) -> TestVisitor {
        let mut visitor = self.visitor();
        visitor.resume.clone_from(&before.resume);
        let visitor = visitor.start().await;
        assert_eq!(visitor.session_id, before.session_id);
        visitor
    }

    /// Sends SIGTERM.
    fn terminate(&self) {
        let id = self.child.as_ref().unwrap().id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    }

    /// How it ended, and everything that it wrote.
    async fn ended(mut self) -> (ExitStatus, String) {
        let (mut child, reader) = (self.child.take().unwrap(), self.reader.take().unwrap());
        let id = child.id().to_string();
        let waiting = tokio::task::spawn_blocking(move || {
            let status = child.wait().unwrap();
            reader.join().unwrap();
            status
        });
        let Ok(status) = tokio::time::timeout(PATIENCE, waiting).await else {
            let _ = Command::new("kill").args(["-KILL", &id]).status();
            panic!("it did not end: {}", self.log.lock().unwrap());
        };
        (status.unwrap(), self.log.lock().unwrap().clone())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
