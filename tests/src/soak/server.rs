//! The real binary in a folder of its own: started, killed without a warning, started again on what it left.

use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::oneshot;

/// The page that the visitors are on.
pub const ORIGIN: &str = "https://shop.example";
/// The agent that all talk to.
pub const AGENT: &str = "shop";
/// How long it may take to come up, also on a machine that has much else to do.
const PATIENCE: Duration = Duration::from_secs(30);
/// So many lines of the log are kept to be shown.
const LOG_LINES: usize = 40;
/// More than any load.
const NO_LIMIT: &str = "100000000";
const LIMITS: [&str; 8] = [
    "ADDRESS_SESSIONS_PER_MIN",
    "ADDRESS_MESSAGES_PER_MIN",
    "ADDRESS_SOCKETS",
    "ADDRESS_TURNS",
    "VISITOR_MESSAGES_PER_MIN",
    "AGENT_MESSAGES_PER_MIN",
    "AGENT_TURNS",
    "KEY_REQUESTS_PER_MIN",
];

/// A folder with a database, an agent and a key.
pub struct Ground {
    binary: PathBuf,
    dir: TempDir,
    env: Vec<(String, String)>,
    /// The key of the back ends.
    pub secret: String,
}

impl Ground {
    /// With an agent that asks the model at an address.
    ///
    /// # Errors
    /// The binary is not there, or a command of it fails.
    pub async fn new(model_url: &str) -> Result<Self> {
        let name = format!("atthene-under-test{}", std::env::consts::EXE_SUFFIX);
        let binary = std::env::current_exe()?.with_file_name(name);
        ensure!(binary.is_file(), "{} is not built", binary.display());
        let mut env = vec![
            ("ATTHENE__LISTEN".to_owned(), "127.0.0.1:0".to_owned()),
            ("ATTHENE__LOG__FORMAT".to_owned(), "json".to_owned()),
            ("ATTHENE__PROVIDERS__SOAK__KIND".to_owned(), "openai".to_owned()),
            ("ATTHENE__PROVIDERS__SOAK__BASE_URL".to_owned(), model_url.to_owned()),
        ];
        env.extend(LIMITS.map(|limit| (format!("ATTHENE__LIMITS__{limit}"), NO_LIMIT.to_owned())));
        let mut ground = Self {
            binary,
            dir: TempDir::new()?,
            env,
            secret: String::new(),
        };
        let body = json!({
            "agent_key": AGENT, "is_public": true, "allowed_origins": [ORIGIN],
            "system_config": { "name": "Shop", "agent_type": "llm_agent", "system_prompt": "Be short.",
                "llm_config": { "model": "soak/m" } },
        });
        std::fs::write(ground.dir.path().join("agent.json"), body.to_string())?;
        ground.told(&["agent", "apply", "agent.json"]).await?;
        let told = ground.told(&["key", "create", "--name", "Soak"]).await?;
        told.trim().clone_into(&mut ground.secret);
        Ok(ground)
    }

    /// Another setting.
    pub fn set(&mut self, name: &str, value: &str) {
        self.env.push((name.to_owned(), value.to_owned()));
    }

    /// What a command prints.
    ///
    /// # Errors
    /// It fails; with its own words.
    pub async fn told(&self, args: &[&str]) -> Result<String> {
        let Output { status, stdout, stderr } = self.command(args).output().await?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        ensure!(status.success(), "{args:?}: {}{}", text(&stdout), text(&stderr));
        Ok(text(&stdout))
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command
            .args(args)
            .current_dir(self.dir.path())
            .envs(self.env.iter().map(|(name, value)| (name, value)))
            .kill_on_drop(true);
        command
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Starts the server and does not wait for it.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn start(&self) -> Result<Started> {
        let begun = Instant::now();
        let mut child = self.command(&["serve"]).stderr(Stdio::piped()).spawn()?;
        let output = child.stderr.take().context("a server has a log")?;
        let (tell, address) = oneshot::channel();
        let log: Arc<Mutex<Vec<String>>> = Arc::default();
        let kept = Arc::clone(&log);
        tokio::spawn(async move {
            let mut tell = Some(tell);
            let mut lines = BufReader::new(output).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                let told: Value = serde_json::from_str(&line).unwrap_or_default();
                if told["message"] == "listening"
                    && let (Some(address), Some(tell)) = (told["address"].as_str(), tell.take())
                {
                    let _ = tell.send(address.to_owned());
                }
                let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                if kept.len() == LOG_LINES {
                    kept.remove(0);
                }
                kept.push(line);
            }
        });
        Ok(Started {
            child,
            address,
            log,
            begun,
        })
    }
}

/// A server that is coming up.
pub struct Started {
    child: Child,
    address: oneshot::Receiver<String>,
    log: Arc<Mutex<Vec<String>>>,
    begun: Instant,
}

impl Started {
    /// Waits until it listens.
    ///
    /// # Errors
    /// It does not; with the end of its log.
    pub async fn listening(mut self) -> Result<Serving> {
        let address = tokio::time::timeout(PATIENCE, &mut self.address).await;
        let Ok(Ok(address)) = address else {
            bail!("it does not listen:\n{}", tail(&self.log));
        };
        Ok(Serving {
            child: self.child,
            url: format!("http://{address}"),
            log: self.log,
            ready_after: self.begun.elapsed(),
        })
    }

    /// Kills it, wherever it has come to.
    ///
    /// # Errors
    /// It cannot be waited for.
    pub async fn kill(mut self) -> Result<()> {
        Ok(self.child.kill().await?)
    }
}

/// A server that listens.
pub struct Serving {
    child: Child,
    /// Where.
    pub url: String,
    log: Arc<Mutex<Vec<String>>>,
    /// How long it took to listen.
    pub ready_after: Duration,
}

impl Serving {
    /// SIGKILL: it is told nothing.
    ///
    /// # Errors
    /// It cannot be waited for.
    pub async fn kill(mut self) -> Result<()> {
        Ok(self.child.kill().await?)
    }

    /// Its process.
    pub fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// The end of its log.
    pub fn log(&self) -> String {
        tail(&self.log)
    }
}

fn tail(log: &Mutex<Vec<String>>) -> String {
    log.lock().unwrap_or_else(PoisonError::into_inner).join("\n")
}
