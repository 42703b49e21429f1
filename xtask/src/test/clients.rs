//! The clients of others (tests/clients) against a server of their own: makes a Python environment below target/, starts
//! the rigs' vendor and the server with an agent and a key, hands over to tests/clients/run.py.

use std::io::{BufRead, BufReader};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::workspace::Workspace;
use crate::{process, run};

const INSTALL_PYTHON: &str = "apt-get update && apt-get install -y --no-install-recommends python3 python3-venv curl";
/// What the rigs are told of the key's limit; low, so that reaching it does not take long.
const KEY_LIMIT_PER_MIN: &str = "600";
const START_PATIENCE: Duration = Duration::from_secs(20);

/// Ends the process with the test, however that ends.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Runs the named rigs; all of them where none is named.
pub(crate) fn run(workspace: &Workspace, rigs: &[&str]) -> Result<()> {
    let npm = process::find_on_path(&["npm", "npm.cmd"])
        .context("the rigs need Node 20 or newer; on Debian type: apt-get install -y nodejs npm")?;
    run::build_server(workspace)?;
    let folder = workspace.root.join("tests/clients");
    let python = environment(workspace, &folder)?;
    process::run(
        Command::new(npm)
            .current_dir(&folder)
            .args(["ci", "--no-audit", "--no-fund"]),
    )?;

    let data = workspace.root.join("target/clients-data");
    let _ = std::fs::remove_dir_all(&data);
    std::fs::create_dir_all(&data)?;
    let (_vendor, vendor_url) = start_vendor(&python, &folder)?;
    let address = free_address()?;
    let settings = format!(
        "listen = \"{address}\"\nconsole_listen = \"\"\npublic_url = \"http://{address}\"\ndatabase_url = \"sqlite:{data}/atthene.db\"\n\
         data_dir = \"{data}\"\n[limits]\nkey_requests_per_min = {KEY_LIMIT_PER_MIN}\n\
         [providers.scripted]\nkind = \"openai\"\nbase_url = \"{vendor_url}\"\ncan_see = [\"sees\"]\n",
        data = data.display()
    );
    std::fs::write(data.join("atthene.toml"), settings)?;
    let agent = "agent_key: rigs\nis_public: true\nallowed_origins: [\"https://shop.example\"]\nsystem_config:\n  name: Rigs\n  \
                 agent_type: llm_agent\n  system_prompt: Be brief.\n  llm_config: {model: scripted/quick}\n";
    std::fs::write(data.join("agent.yaml"), agent)?;
    let atthene = |arguments: &[&str]| {
        let mut command = Command::new(workspace.server_binary("debug"));
        command
            .current_dir(&data)
            .args(["--config", "atthene.toml"])
            .args(arguments);
        command
    };
    process::run(&mut atthene(&["agent", "apply", "agent.yaml"]))?;
    let key = output(atthene(&["key", "create", "--name", "Rigs", "--scope", "admin"]))?;
    let shown: serde_json::Value = serde_json::from_str(&output(atthene(&["agent", "show", "rigs"]))?)?;
    let agent_id = shown["id"].as_str().context("the agent has no id")?;

    let log = std::fs::File::create(data.join("server.log"))?;
    let _server = Running(atthene(&["serve"]).stdout(log.try_clone()?).stderr(log).spawn()?);
    wait_for(&address)?;
    process::run(
        Command::new(&python)
            .arg(folder.join("run.py"))
            .args(rigs)
            .env("ATTHENE_URL", format!("http://{address}"))
            .env("ATTHENE_KEY", key.trim())
            .env("ATTHENE_AGENT", "rigs")
            .env("ATTHENE_AGENT_ID", agent_id)
            .env("ATTHENE_SLOW_MODEL", "scripted/slow")
            .env("ATTHENE_VISION_MODEL", "scripted/sees")
            .env("ATTHENE_KEY_LIMIT_PER_MIN", KEY_LIMIT_PER_MIN),
    )
}

/// A virtual environment with what the rigs want, made anew when that changes.
fn environment(workspace: &Workspace, folder: &Path) -> Result<PathBuf> {
    let home = workspace.root.join("target/clients-python");
    let python = home.join(if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    });
    let wanted = std::fs::read_to_string(folder.join("requirements.txt"))?;
    let installed = home.join("installed.txt");
    if python.is_file() && std::fs::read_to_string(&installed).is_ok_and(|text| text == wanted) {
        return Ok(python);
    }
    let system = match process::find_on_path(&["python3", "python"]) {
        Some(found) => found,
        None if process::is_debian_as_root() => {
            println!("Python is not installed: installing Debian's");
            process::run(
                Command::new("sh")
                    .args(["-c", INSTALL_PYTHON])
                    .env("DEBIAN_FRONTEND", "noninteractive"),
            )?;
            process::find_on_path(&["python3"]).context("apt-get installed no python3")?
        }
        None => bail!("the rigs need Python 3.11 or newer; on Debian type: sudo sh -c '{INSTALL_PYTHON}'"),
    };
    process::run(Command::new(system).args(["-m", "venv", "--clear"]).arg(&home))?;
    process::run(Command::new(&python).current_dir(folder).args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "-r",
        "requirements.txt",
    ]))?;
    std::fs::write(installed, wanted)?;
    Ok(python)
}

/// The vendor's first line is its address; it ends with its standard input.
fn start_vendor(python: &Path, folder: &Path) -> Result<(Running, String)> {
    let mut child = Command::new(python)
        .arg(folder.join("upstream.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start the rigs' vendor")?;
    let stdout = child.stdout.take().context("the vendor has no output")?;
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line)?;
    Ok((Running(child), line.trim().to_owned()))
}

fn free_address() -> Result<String> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string())
}

#[allow(
    clippy::disallowed_methods,
    reason = "a program of its own is waited for, and nobody else waits on this thread"
)]
fn wait_for(address: &str) -> Result<()> {
    let started = Instant::now();
    while TcpStream::connect(address).is_err() {
        if started.elapsed() > START_PATIENCE {
            bail!("the server did not start; see target/clients-data/server.log");
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

fn output(mut command: Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output()?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8(output.stdout)?)
}
