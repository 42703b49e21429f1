//! Times and days in the visitor's language and time zone, by the browser's own calendar.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::text::Words;
use crate::transport::json::object;

#[wasm_bindgen]
extern "C" {
    type Date;
    #[wasm_bindgen(constructor)]
    fn new(text: &JsValue) -> Date;
    #[wasm_bindgen(method, js_name = toDateString)]
    fn day(this: &Date) -> String;
    // It throws when it can't read the locale.
    #[wasm_bindgen(method, catch, js_name = toLocaleString)]
    fn local(this: &Date, locale: &str, options: &JsValue) -> Result<String, JsValue>;
}

/// Hours and minutes.
pub(super) fn clock(timestamp: &str, locale: &str) -> String {
    let options = object(&[("hour", &"numeric".into()), ("minute", &"2-digit".into())]);
    Date::new(&timestamp.into()).local(locale, &options).unwrap_or_default()
}

/// The day, and another text for another day.
pub(super) fn day(timestamp: &str) -> String {
    Date::new(&timestamp.into()).day()
}

/// The day as people call it.
pub(crate) fn day_name(timestamp: &str, locale: &str, words: &Words) -> String {
    let now_ms = js_sys::Date::now();
    let date = Date::new(&timestamp.into());
    let day = date.day();
    if day == Date::new(&now_ms.into()).day() {
        String::from(words.today)
    } else if day == Date::new(&(now_ms - 86_400_000.0).into()).day() {
        String::from(words.yesterday)
    } else {
        date.local(
            locale,
            &object(&[("day", &"numeric".into()), ("month", &"long".into())]),
        )
        .unwrap_or(day)
    }
}
