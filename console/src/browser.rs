//! What the page needs of the browser beyond the tree of elements: address, cookies, what is remembered, the clipboard.

use std::cell::RefCell;

use js_sys::{Date, Reflect};
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, HtmlDocument, HtmlElement, Storage, Window};

/// The window; there is one as long as we run.
pub fn window() -> Window {
    leptos::prelude::window()
}

/// The page's tree.
pub fn document() -> Document {
    leptos::prelude::document()
}

/// The value of a cookie that scripts may read.
pub fn cookie(name: &str) -> Option<String> {
    let all = document().unchecked_into::<HtmlDocument>().cookie().ok()?;
    let found = all.split(';').filter_map(|pair| pair.trim().split_once('='));
    found
        .into_iter()
        .find(|(own, _)| *own == name)
        .map(|(_, value)| value.to_owned())
}

/// A value that the server wrote into the page.
pub fn meta(name: &str) -> String {
    let found = document()
        .query_selector(&format!("meta[name='{name}']"))
        .ok()
        .flatten();
    found
        .and_then(|element| element.get_attribute("content"))
        .unwrap_or_default()
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// What was chosen in this browser before. Nothing of the product is kept here.
pub fn remembered(name: &str) -> Option<String> {
    storage()?.get_item(&format!("atthene.console.{name}")).ok().flatten()
}

/// Remembers a choice.
pub fn remember(name: &str, value: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(&format!("atthene.console.{name}"), value);
    }
}

/// Now, in milliseconds of the unix epoch.
pub fn now_ms() -> i64 {
    Date::now() as i64
}

/// A time as the person who looks at it writes it, in their zone.
pub fn exact_time(iso: &str, language: &str) -> String {
    let date = Date::new(&JsValue::from_str(iso));
    if date.get_time().is_nan() {
        iso.to_owned()
    } else {
        String::from(date.to_locale_string(language, &JsValue::UNDEFINED))
    }
}

/// The path of the address.
pub fn path() -> String {
    window().location().pathname().unwrap_or_default()
}

/// A value of the address's query.
pub fn query_value(name: &str) -> Option<String> {
    let search = window().location().search().ok()?;
    web_sys::UrlSearchParams::new_with_str(&search).ok()?.get(name)
}

/// Sets values of the address's query without leaving the page; an empty value goes.
pub fn set_query(values: &[(&str, &str)]) {
    let search = window().location().search().unwrap_or_default();
    let Ok(query) = web_sys::UrlSearchParams::new_with_str(&search) else {
        return;
    };
    for (name, value) in values {
        if value.is_empty() {
            query.delete(name);
        } else {
            query.set(name, value);
        }
    }
    let query = String::from(query.to_string());
    let mark = if query.is_empty() { "" } else { "?" };
    replace_address(&format!("{}{mark}{query}", path()));
}

thread_local! {
    static TOKEN: RefCell<String> = const { RefCell::new(String::new()) };
}

/// The one value that stands in the address's fragment as `#token=..`; it is taken out of the address at once, so that it
/// stays in no history and in nobody's sight. Asked again, it is what it was: another language builds the page anew.
pub fn take_token() -> String {
    let hash = window().location().hash().unwrap_or_default();
    if let Some(token) = hash.strip_prefix("#token=") {
        TOKEN.set(token.to_owned());
        replace_address(&path());
    }
    TOKEN.with_borrow(String::clone)
}

/// Puts another address in the place of this one.
pub fn replace_address(address: &str) {
    if let Ok(history) = window().history() {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(address));
    }
}

/// Goes to another address, from which one can come back.
pub fn push_address(address: &str) {
    if let Ok(history) = window().history() {
        let _ = history.push_state_with_url(&JsValue::NULL, "", Some(address));
    }
}

/// Copies a text; says whether that worked.
pub fn copy(text: String, done: impl Fn(bool) + 'static) {
    // Without https, and not on this machine, there is no clipboard.
    let clipboard = Reflect::get(&window().navigator(), &"clipboard".into()).ok();
    let Some(clipboard) = clipboard.filter(|found| !found.is_undefined()) else {
        done(false);
        return;
    };
    let promise = clipboard.unchecked_into::<web_sys::Clipboard>().write_text(&text);
    spawn_local(async move { done(wasm_bindgen_futures::JsFuture::from(promise).await.is_ok()) });
}

/// Moves the focus to the first element that fits.
pub fn focus(selector: &str) {
    if let Some(element) = document().query_selector(selector).ok().flatten()
        && let Ok(element) = element.dyn_into::<HtmlElement>()
    {
        let _ = element.focus();
    }
}

/// Whether the system likes it dark.
pub fn prefers_dark() -> bool {
    let query = window().match_media("(prefers-color-scheme:dark)").ok().flatten();
    query.is_some_and(|query| query.matches())
}

/// The element of the whole page, which carries theme and language.
pub fn root() -> Option<web_sys::Element> {
    document().document_element()
}

/// Hands a file to the browser, which puts it where its downloads are; whether it took it.
pub fn save(file: &web_sys::Blob, name: &str) -> bool {
    let Ok(address) = web_sys::Url::create_object_url_with_blob(file) else {
        return false;
    };
    let link = document().create_element("a").ok();
    let link = link.and_then(|link| link.dyn_into::<web_sys::HtmlAnchorElement>().ok());
    if let Some(link) = &link {
        link.set_href(&address);
        link.set_download(name);
        link.click();
    }
    let _ = web_sys::Url::revoke_object_url(&address);
    link.is_some()
}
