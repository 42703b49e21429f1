//! Times and days in the visitor's language and time zone, by the browser's own calendar.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::text::Words;
use crate::transport::json::object;

#[wasm_bindgen]
extern "C" {
    type Date;
    #[wasm_bindgen(constructor)]
    fn new(at_ms: f64) -> Date;
    #[wasm_bindgen(method, js_name = toDateString)]
    fn day(this: &Date) -> String;
    // It throws when it can't read the locale.
    #[wasm_bindgen(method, catch, js_name = toLocaleString)]
    fn local(this: &Date, locale: &str, options: &JsValue) -> Result<String, JsValue>;
}

/// Hours and minutes.
pub(super) fn clock(at_ms: f64, locale: &str) -> String {
    let options = object(&[("timeStyle", &"short".into())]);
    Date::new(at_ms).local(locale, &options).unwrap_or_default()
}

/// The day, and another text for another day.
pub(super) fn day(at_ms: f64) -> String {
    Date::new(at_ms).day()
}

/// The day as people call it.
pub(crate) fn day_name(at_ms: f64, locale: &str, words: &Words) -> String {
    let now_ms = js_sys::Date::now();
    let name = day(at_ms);
    if name == day(now_ms) {
        String::from(words.today)
    } else if name == day(now_ms - 86_400_000.0) {
        String::from(words.yesterday)
    } else {
        let options = object(&[("day", &"numeric".into()), ("month", &"long".into())]);
        Date::new(at_ms).local(locale, &options).unwrap_or(name)
    }
}
