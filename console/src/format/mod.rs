//! Numbers and times as people read them, in the language of the page. Pure; the exact time of a zone is the browser's.

#[cfg(test)]
mod tests;

use crate::text::Locale;

const MINUTE_S: i64 = 60;
const HOUR_S: i64 = 60 * MINUTE_S;
const DAY_S: i64 = 24 * HOUR_S;
/// From here on a date says more than a number of days.
const LONGEST_RELATIVE_S: i64 = 30 * DAY_S;

/// 1284 as `1,284` or `1.284`.
pub fn grouped(number: u64, locale: Locale) -> String {
    let digits = number.to_string();
    let separator = match locale {
        Locale::English => ',',
        Locale::German => '.',
    };
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

/// A span: `640 ms`, `1.2 s`, `3 min 20 s`.
pub fn span(milliseconds: u64, locale: Locale) -> String {
    match milliseconds {
        0..1_000 => format!("{milliseconds} ms"),
        1_000..60_000 => {
            let tenths = milliseconds / 100;
            if tenths.is_multiple_of(10) {
                format!("{} s", tenths / 10)
            } else {
                format!("{}{}{} s", tenths / 10, decimal_mark(locale), tenths % 10)
            }
        }
        _ => format!("{} min {} s", milliseconds / 60_000, milliseconds / 1_000 % 60),
    }
}

/// A size: `812 B`, `12 kB`, `1.4 MB`.
pub fn size(bytes: u64, locale: Locale) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!(
            "{}{}{} MB",
            bytes / 1_000_000,
            decimal_mark(locale),
            bytes / 100_000 % 10
        ),
    }
}

fn decimal_mark(locale: Locale) -> char {
    match locale {
        Locale::English => '.',
        Locale::German => ',',
    }
}

/// By how much a figure has changed: `+12 %`, `-8 %`. `None` where there was nothing before or nothing has changed.
pub fn change(now: u64, before: u64) -> Option<String> {
    if before == 0 || now == before {
        return None;
    }
    let percent = (i128::from(now) - i128::from(before)) * 100 / i128::from(before);
    Some(format!("{percent:+} %"))
}

/// ISO 8601 in UTC, as the server writes it, in milliseconds of the unix epoch.
pub fn unix_ms(iso: &str) -> Option<i64> {
    let number = |from: usize, to: usize| iso.get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let fraction = iso.get(19..)?.strip_prefix('.').map_or(0, |rest| {
        let digits: String = rest
            .chars()
            .take_while(char::is_ascii_digit)
            .chain("000".chars())
            .take(3)
            .collect();
        digits.parse().unwrap_or(0)
    });
    // Days since the epoch of a civil date: the year begins in March, so that the leap day is its last.
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let of_era = shifted - era * 400;
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    Some((days * DAY_S + hour * HOUR_S + minute * MINUTE_S + second) * 1_000 + fraction)
}

/// How long ago: `just now`, `2 min ago`, `3 days ago`; the date after a month.
pub fn ago(iso: &str, now_ms: i64, locale: Locale) -> String {
    let Some(then_ms) = unix_ms(iso) else {
        return iso.to_owned();
    };
    let seconds = (now_ms - then_ms) / 1_000;
    let is_german = locale == Locale::German;
    let say = |count: i64, english: [&str; 2], german: [&str; 2]| {
        let unit = if is_german { german } else { english }[usize::from(count != 1)];
        if is_german {
            format!("vor {count} {unit}")
        } else {
            format!("{count} {unit} ago")
        }
    };
    match seconds {
        ..MINUTE_S => if is_german { "gerade eben" } else { "just now" }.to_owned(),
        MINUTE_S..HOUR_S => say(seconds / MINUTE_S, ["min", "min"], ["Min.", "Min."]),
        HOUR_S..DAY_S => say(seconds / HOUR_S, ["hour", "hours"], ["Stunde", "Stunden"]),
        DAY_S..LONGEST_RELATIVE_S => say(seconds / DAY_S, ["day", "days"], ["Tag", "Tagen"]),
        _ => iso.get(..10).unwrap_or(iso).to_owned(),
    }
}
