//! What the visitor thinks of an answer: shown at once, taken back, undone where it was not kept.

use atthene_protocol::visitor::Rating;

use super::*;

const UP: Option<Rating> = Some(Rating::Up);
const DOWN: Option<Rating> = Some(Rating::Down);

/// With one whole answer, at the second place.
fn answered() -> Stage {
    let mut stage = Stage::answering();
    stage.take(Event::RunTold("run_1".into(), Status::Completed));
    stage
}

fn rating(stage: &Stage) -> Option<Rating> {
    stage.chat.message(1).rating
}

fn rate(rating: Option<Rating>, before: Option<Rating>) -> Call {
    Call::Rate { at: 1, rating, before }
}

#[test]
fn a_rating_is_shown_at_once_changed_and_taken_back_by_the_same_button() {
    let mut stage = answered();
    for (pressed, expected, before) in [
        (Rating::Up, UP, None),
        (Rating::Down, DOWN, UP),
        (Rating::Down, None, DOWN),
    ] {
        let effects = stage.take(Event::Rated(1, pressed));
        assert!(effects.contains(&Effect::Mark(1)));
        assert_eq!(calls(&effects), [rate(expected, before)]);
        assert_eq!(rating(&stage), expected);
    }
}

#[test]
fn what_was_not_kept_is_undone_unless_the_visitor_has_changed_their_mind() {
    let mut stage = answered();
    stage.take(Event::Rated(1, Rating::Up));
    let effects = stage.take(Event::Failed(rate(UP, None), Failure::Server));
    assert!(effects.contains(&Effect::Mark(1)));
    assert_eq!(rating(&stage), None);
    stage.take(Event::Rated(1, Rating::Up));
    stage.take(Event::Rated(1, Rating::Down));
    stage.take(Event::Failed(rate(UP, None), Failure::Network));
    assert_eq!(rating(&stage), DOWN);
    assert_eq!(stage.chat.link, Link::Live, "the line is none of its business");
}

#[test]
fn a_token_that_has_ended_is_renewed_and_an_answer_that_is_gone_is_left_alone() {
    let mut stage = answered();
    stage.take(Event::Rated(1, Rating::Up));
    let gone = Call::Rate {
        at: 7,
        rating: UP,
        before: None,
    };
    stage.take(Event::Failed(gone, Failure::Gone));
    let effects = stage.take(Event::Failed(rate(UP, None), Failure::Token));
    assert_eq!(rating(&stage), None);
    assert!(calls(&effects).contains(&Call::Renew), "{effects:?}");
}

#[test]
fn what_the_server_tells_of_a_message_holds_its_rating() {
    let mut stage = Stage::new();
    stage.take(Event::Opened(true));
    let seen = MessageSeen {
        rating: DOWN,
        ..answer(Status::Completed, "Good")
    };
    stage.take(Event::Started(session("ses_1", vec![seen])));
    assert_eq!(stage.chat.message(0).rating, DOWN);
    stage.take(Event::MessageTold(answer(Status::Completed, "Good")));
    assert_eq!(stage.chat.message(0).rating, None);
}
