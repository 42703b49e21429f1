//! Flags that stand for settings; they win over every other source.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::config::Settings;
use crate::config::load::{Sources, load};

/// Flags of every command.
#[derive(Debug, Args)]
pub(super) struct Flags {
    /// The settings file [default: atthene.toml, if it is there]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The database, such as sqlite:data/atthene.db
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    /// The folder for other files of the server
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<String>,
    /// Where visitors' browsers reach the server
    #[arg(long, global = true, value_name = "URL")]
    public_url: Option<String>,
    /// Where the console is reached
    #[arg(long, global = true, value_name = "URL")]
    console_url: Option<String>,
}

/// Flags of `serve`.
#[derive(Debug, Args)]
pub(super) struct ServeFlags {
    /// The address and port to listen on
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
    /// The address and port to listen on for the console
    #[arg(long, value_name = "ADDRESS:PORT")]
    console_listen: Option<String>,
    /// Write the token of the console's first owner here instead of printing its link
    #[arg(long, value_name = "FILE", env = "ATTHENE_SETUP_TOKEN_FILE")]
    setup_token_file: Option<String>,
    /// What is logged, such as info or atthene_server=debug,info
    #[arg(long, value_name = "FILTER")]
    log_filter: Option<String>,
    /// text or json
    #[arg(long, value_name = "FORMAT")]
    log_format: Option<String>,
    /// Serve the demo site and its agent too
    #[arg(long)]
    demo: bool,
    /// The port of the demo's allowed page
    #[arg(long, value_name = "PORT")]
    demo_port: Option<u16>,
    /// The port of the demo's refused page
    #[arg(long, value_name = "PORT")]
    demo_refused_port: Option<u16>,
    /// The folder that the demo agent answers from
    #[arg(long, value_name = "DIR")]
    demo_docs_dir: Option<String>,
}

impl Flags {
    /// The settings of all sources.
    pub(super) fn settings(&self, serve: Option<&ServeFlags>) -> Result<Settings> {
        let mut sources = Sources::of_process(self.config.clone());
        let mut flag = |flag: &'static str, key: &'static str, value: Option<String>| {
            sources.flags.extend(value.map(|value| (flag, key, value)));
        };
        flag("--database-url", "database_url", self.database_url.clone());
        flag("--data-dir", "data_dir", self.data_dir.clone());
        flag("--public-url", "public_url", self.public_url.clone());
        flag("--console-url", "console_url", self.console_url.clone());
        if let Some(serve) = serve {
            let port = |port: Option<u16>| port.map(|port| port.to_string());
            flag("--listen", "listen", serve.listen.clone());
            flag("--console-listen", "console_listen", serve.console_listen.clone());
            flag(
                "--setup-token-file",
                "console.setup_token_file",
                serve.setup_token_file.clone(),
            );
            flag("--log-filter", "log.filter", serve.log_filter.clone());
            flag("--log-format", "log.format", serve.log_format.clone());
            flag("--demo", "demo.enabled", serve.demo.then(|| "true".to_owned()));
            flag("--demo-port", "demo.port", port(serve.demo_port));
            flag(
                "--demo-refused-port",
                "demo.refused_port",
                port(serve.demo_refused_port),
            );
            flag("--demo-docs-dir", "demo.docs_dir", serve.demo_docs_dir.clone());
        }
        Ok(load(&sources)?)
    }
}
