//! The two cookies of a log-in: its secret, which no script may read, and the value that the console's page reads and
//! sends back as `X-CSRF-Token`. Both for the console's origin alone, never for a page that another site opens.

use http::header::{COOKIE, HeaderMap, HeaderName, HeaderValue, SET_COOKIE};

use crate::config::Settings;
use crate::domain::users::NewLogin;

/// What the page reads and sends back.
const CSRF: &str = "atthene_csrf";
/// The header in which it sends it back.
pub const X_CSRF_TOKEN: HeaderName = HeaderName::from_static("x-csrf-token");
/// The secret.
const LOGIN: &str = "atthene_login";
/// The same by TLS: the prefix keeps other hosts and plain HTTP from setting it (RFC 6265bis, section 4.1.3).
const SECURE_LOGIN: &str = "__Host-atthene_login";
const DAY_S: u64 = 24 * 60 * 60;

/// Every value of the log-in's cookie. There may be several: other ports of a host may set cookies for all of it.
pub fn login_secrets<'a>(headers: &'a HeaderMap, settings: &Settings) -> impl Iterator<Item = &'a str> + use<'a> {
    let name = login_name(settings);
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let cookies = lines
        .flat_map(|line| line.split(';'))
        .filter_map(|cookie| cookie.split_once('='));
    let meant = cookies.filter(move |(own, value)| own.trim() == name && !value.trim().is_empty());
    meant.map(|(_, value)| value.trim())
}

/// Gives a log-in to the browser.
pub fn give(headers: &mut HeaderMap, settings: &Settings, login: &NewLogin) {
    let age_s = u64::from(settings.console.login_max_days) * DAY_S;
    put(headers, settings, &login.secret, &login.csrf, age_s);
}

/// Takes it away.
pub fn take(headers: &mut HeaderMap, settings: &Settings) {
    put(headers, settings, "", "", 0);
}

fn put(headers: &mut HeaderMap, settings: &Settings, secret: &str, csrf: &str, age_s: u64) {
    let secure = if settings.has_secure_console() { "; Secure" } else { "" };
    let attributes = format!("Path=/; Max-Age={age_s}; SameSite=Strict{secure}");
    for cookie in [
        format!("{}={secret}; HttpOnly; {attributes}", login_name(settings)),
        format!("{CSRF}={csrf}; {attributes}"),
    ] {
        if let Ok(mut value) = HeaderValue::from_str(&cookie) {
            value.set_sensitive(true);
            headers.append(SET_COOKIE, value);
        }
    }
}

fn login_name(settings: &Settings) -> &'static str {
    if settings.has_secure_console() {
        SECURE_LOGIN
    } else {
        LOGIN
    }
}
