//! The one line above the composer: what happened and what to do.

use leptos::prelude::*;

use super::icon;
use crate::chat::Notice;
use crate::session::Session;
use crate::text::digits;

/// Nobody counts more seconds than these. A limit lasts a minute at most, a budget until the next day.
const LONG_S: u32 = 120;

/// The line in two parts, the first one stronger; empty when there is nothing to say.
fn words(session: &Session) -> (&'static str, String) {
    let words = session.words;
    let counted = |text: (&'static str, &str, &str), count: usize| {
        let mut rest = String::from(text.1);
        rest.push_str(&digits(count as u64));
        rest.push_str(text.2);
        (text.0, rest)
    };
    let plain = |text: (&'static str, &str)| (text.0, String::from(text.1));
    match session.chat().notice() {
        _ if session.excess.get() > 0 => counted(words.too_long, session.excess.get()),
        Notice::None => ("", String::new()),
        Notice::Offline => plain(words.offline),
        Notice::Unreachable => plain(words.unreachable),
        Notice::Reconnecting => (words.reconnecting, String::new()),
        Notice::Lost => plain(words.lost),
        Notice::Pause(seconds) if seconds > LONG_S => plain(words.later),
        Notice::Pause(seconds) => counted(words.pause, seconds as usize),
    }
}

/// Reads the line out when it is another one; a countdown is not read out again every second.
pub(crate) fn announce(session: &Session) {
    let (strong, rest) = words(session);
    if session.noticed.replace(strong) != strong && !strong.is_empty() {
        let mut line = String::from(strong);
        line.push(' ');
        line.push_str(&rest);
        session.say(&line);
    }
}

pub(crate) fn notice(session: &Session) -> impl IntoView + use<> {
    let (strong, rest) = words(session);
    // A clock where waiting helps, otherwise a word to the reader.
    let path = if [session.words.pause.0, session.words.later.0, session.words.reconnecting].contains(&strong) {
        "M12 4a8 8 0 1 0 0 16a8 8 0 1 0 0-16M12 8v4.500l3 1.500"
    } else {
        "M12 4a8 8 0 1 0 0 16a8 8 0 1 0 0-16M12 8v4.500M12 16v.010"
    };
    let class = if strong.is_empty() { "note off" } else { "note" };
    view! {
        <div class=class>
            {icon(path)}
            <div><b>{strong}</b>" "{rest}</div>
        </div>
    }
}
