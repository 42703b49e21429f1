//! Which model is meant by a name: the short names and providers of the settings, and `builtin`.
//!
//! Built once at the start. No time limits here (`retry`) and no wire (`provider`).

use std::collections::BTreeMap;

use async_trait::async_trait;

use super::builtin::{self, Builtin};
use super::provider::Provider;
use super::{Llm, ModelError, ModelErrorKind, ModelRequest, ModelStream};
use crate::config::{ProviderSettings, Secret, Settings};

/// All models that can be asked.
pub struct Registry {
    builtin: Builtin,
    providers: BTreeMap<String, Provider>,
    /// Short name -> `provider/name`.
    models: BTreeMap<String, String>,
}

impl Registry {
    /// Opens the providers of the settings.
    ///
    /// # Errors
    /// A provider cannot be used, or a short name points nowhere.
    pub fn open(settings: &Settings, env: &dyn Fn(&str) -> Option<String>, builtin: Builtin) -> Result<Self, String> {
        let mut providers = BTreeMap::new();
        for (name, provider) in &settings.providers {
            let opened = key_of(provider, env)
                .and_then(|key| Provider::open(provider, key, settings.upstream.connect_timeout_ms))
                .map_err(|problem| format!("providers.{name}: {problem}"))?;
            providers.insert(name.clone(), opened);
        }
        let registry = Self {
            builtin,
            providers,
            models: settings.models.clone(),
        };
        for (name, target) in &settings.models {
            if name == builtin::NAME {
                return Err(format!("models.{name}: this name is taken, choose another"));
            }
            if target != builtin::NAME && registry.provider_of(target).is_none() {
                return Err(format!(
                    "models.{name}: `{target}` is not `provider/name` with a provider of these settings"
                ));
            }
        }
        Ok(registry)
    }

    /// The full name behind a short one; full names stay.
    fn full_name<'a>(&'a self, model: &'a str) -> &'a str {
        self.models.get(model).map_or(model, String::as_str)
    }

    /// The provider of `provider/name` and the vendor's name of the model (which may hold more slashes).
    fn provider_of<'a>(&'a self, full_name: &'a str) -> Option<(&'a Provider, &'a str)> {
        let (provider, name) = full_name.split_once('/')?;
        if name.is_empty() {
            return None;
        }
        Some((self.providers.get(provider)?, name))
    }
}

/// The key of a provider: from the settings, else from the variable that they name, else none.
fn key_of(provider: &ProviderSettings, env: &dyn Fn(&str) -> Option<String>) -> Result<Option<Secret>, String> {
    if let Some(key) = &provider.api_key {
        return Ok(Some(key.clone()));
    }
    let Some(variable) = &provider.api_key_env else {
        return Ok(None);
    };
    match env(variable) {
        Some(key) if !key.trim().is_empty() => Ok(Some(Secret::new(key.trim()))),
        _ => Err(format!("the environment variable {variable} (api_key_env) is not set")),
    }
}

#[async_trait]
impl Llm for Registry {
    fn knows(&self, model: &str) -> bool {
        let full_name = self.full_name(model);
        full_name == builtin::NAME || self.provider_of(full_name).is_some()
    }

    fn can_see(&self, model: &str) -> bool {
        self.provider_of(self.full_name(model))
            .is_some_and(|(provider, name)| provider.can_see(name))
    }

    async fn ask(&self, request: ModelRequest) -> Result<ModelStream, ModelError> {
        if request.messages.iter().any(|message| !message.images.is_empty()) && !self.can_see(&request.model) {
            return Err(ModelError {
                kind: ModelErrorKind::CannotSee,
                detail: format!("the model `{}` is not set up to see images (can_see)", request.model),
                retry_after_ms: None,
                vendor: None,
            });
        }
        let full_name = self.full_name(&request.model);
        if full_name == builtin::NAME {
            return Ok(self.builtin.answer(&request));
        }
        match self.provider_of(full_name) {
            Some((provider, name)) => provider.ask(name, &request).await,
            None => Err(ModelError {
                kind: ModelErrorKind::UnknownModel,
                detail: format!("no setting knows the model `{}`", request.model),
                retry_after_ms: None,
                vendor: None,
            }),
        }
    }
}

#[cfg(test)]
mod tests;
