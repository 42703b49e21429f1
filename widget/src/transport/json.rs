//! JSON as the browser holds it: parsed by the page's own `JSON.parse`, read field by field.

use js_sys::{Array, Date, Object, Reflect};
use wasm_bindgen::JsValue;

use super::decode::Json;

impl Json for JsValue {
    fn field(&self, name: &str) -> Option<Self> {
        Reflect::get(self, &name.into())
            .ok()
            .filter(|v| !v.is_null() && !v.is_undefined())
    }

    fn text(&self) -> Option<String> {
        self.as_string()
    }

    fn number(&self) -> Option<f64> {
        self.as_f64()
    }

    fn time(&self) -> Option<f64> {
        Some(Date::parse(&self.as_string()?)).filter(|at_ms| !at_ms.is_nan())
    }

    fn items(&self) -> Vec<Self> {
        if Array::is_array(self) {
            Array::from(self).to_vec()
        } else {
            Vec::new()
        }
    }
}

/// Whether a field is true.
pub(crate) fn is_true(value: &JsValue, name: &str) -> bool {
    value.field(name).is_some_and(|field| field == JsValue::TRUE)
}

/// An object of these fields.
pub(crate) fn object(fields: &[(&str, &JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        let _ = Reflect::set(&object, &JsValue::from_str(name), value);
    }
    object.into()
}

/// The text of a value; empty if it has none.
pub(crate) fn stringify(value: &JsValue) -> String {
    js_sys::JSON::stringify(value).map(String::from).unwrap_or_default()
}
