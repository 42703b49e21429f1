//! Paths are read and written alike.

use super::{Facet, Route, Section, Tab, escaped, unescaped};

fn all() -> Vec<Route> {
    let tabs = Tab::IN_ROW.into_iter().chain([Tab::Playground]);
    let mut all: Vec<Route> = tabs.map(|tab| Route::Agent("shop_2".to_owned(), tab)).collect();
    all.extend([Route::Setup, Route::Invite, Route::Agents, Route::NewAgent]);
    all.extend([
        Route::Conversations,
        Route::Traces,
        Route::Usage,
        Route::ApiKeys,
        Route::Audit,
    ]);
    all.extend([
        Route::Conversation("sess_1".to_owned()),
        Route::ConversationTraces("sess_1".to_owned()),
        Route::Trace("run_1".to_owned()),
    ]);
    all.extend(Facet::ALL.map(Route::Settings));
    all
}

#[test]
fn every_page_is_found_again_by_its_path_with_and_without_a_slash() {
    for route in all() {
        let path = route.path();
        assert_eq!(Route::parse(&path), route, "{path}");
        assert_eq!(Route::parse(&format!("{path}/")), route, "{path}/");
    }
}

#[test]
fn no_two_pages_have_one_path() {
    let paths: std::collections::BTreeSet<String> = all().iter().map(Route::path).collect();
    assert_eq!(paths.len(), all().len());
}

#[test]
fn the_first_page_is_the_list_of_agents() {
    for path in ["", "/", "/agents", "/login"] {
        assert_eq!(Route::parse(path), Route::Agents, "{path}");
    }
}

#[test]
fn what_is_no_page_is_unknown() {
    for path in ["/nowhere", "/agents/shop/colours", "/agents/shop/access/more", "/try"] {
        assert_eq!(Route::parse(path), Route::Unknown, "{path}");
    }
    assert_eq!(Route::Unknown.section(), None);
    assert_eq!(Route::NewAgent.section(), Some(Section::Agents));
}

#[test]
fn any_text_survives_a_path() {
    for text in ["shop", "a/b", "ä ö?#&=+%", "100 %", "\u{1f600}", "%zz", "%"] {
        let part = escaped(text);
        assert!(!part.contains(['/', '?', '#', '&', ' ']), "{part}");
        assert_eq!(unescaped(&part), text);
    }
    assert_eq!(unescaped("%zz%"), "%zz%");
}
