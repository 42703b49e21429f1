//! A turn that waits for a human: the question is shown, whatever is sent is the answer, once.

use super::*;

fn asked() -> Stage {
    let mut stage = Stage::answering();
    let effects = stage.take(Event::Asked("run_1".into(), question()));
    assert!(effects.contains(&Effect::TellQuestion) && effects.contains(&Effect::Tell(1)));
    assert!(!stage.chat.is_running() && !stage.chat.can_retry());
    stage
}

/// The answer as other tabs and the own stream are told of it: the server knows no id of the visitor's for it.
fn told(content: &str) -> MessageSeen {
    MessageSeen {
        id: "msg_b".into(),
        role: Role::User,
        run_id: "run_2".into(),
        ..answer(Status::Completed, content)
    }
}

#[test]
fn a_question_offers_its_choices_until_one_is_taken() {
    let mut stage = asked();
    assert_eq!(stage.chat.choices(), ["Small", "Large"]);
    assert!(
        !stage
            .take(Event::Asked("run_1".into(), question()))
            .contains(&Effect::TellQuestion),
        "told once"
    );
    let effects = stage.write("b", "Large");
    assert_eq!(calls(&effects), [answer_to("int_1", "b", "Large")]);
    assert!(effects.contains(&Effect::Keep(2)), "an answer after a reload too");
    assert!(stage.chat.choices().is_empty());
    stage.posted("b", "run_2");
    assert!(stage.chat.is_running() && stage.chat.question.is_none());
}

#[test]
fn an_answer_stands_once_whoever_tells_of_it_first() {
    let mut stage = asked();
    stage.write("b", "Large");
    stage.take(Event::MessageTold(told("Large")));
    stage.posted("b", "run_2");
    assert_eq!(stage.chat.messages.len(), 3);
    let mut stage = asked();
    stage.write("b", "Large");
    stage.posted("", "run_2");
    let mut seen = told("Large");
    seen.id = "msg_".into();
    stage.take(Event::MessageTold(seen));
    assert_eq!(
        (stage.chat.messages.len(), stage.chat.messages[2].delivery),
        (3, Delivery::Delivered)
    );
}

#[test]
fn an_answer_from_another_tab_takes_the_question_away() {
    let mut stage = asked();
    stage.take(Event::MessageTold(told("Small")));
    stage.take(Event::RunTold("run_2".into(), Status::Running));
    assert_eq!((stage.chat.choices().len(), stage.chat.messages.len()), (0, 3));
}

#[test]
fn what_comes_too_late_as_an_answer_is_said_as_a_message() {
    let mut stage = asked();
    stage.write("b", "Large");
    stage.take(Event::Failed(answer_to("int_1", "b", ""), Failure::Busy));
    assert_eq!(calls(&stage.wait(2_000.0)), [post("b", "Large")]);
}

#[test]
fn an_answer_that_may_have_arrived_goes_again_as_that_answer() {
    let mut stage = Stage::new();
    stage.take(Event::Written {
        client_id: "b".into(),
        content: "Large".into(),
        answers: "int_1".into(),
        at_ms: START,
    });
    stage.take(Event::Opened(true));
    let effects = stage.take(Event::Started(session("ses_1", Vec::new())));
    assert_eq!(calls(&effects).last(), Some(&answer_to("int_1", "b", "Large")));
}

#[test]
fn a_question_is_still_there_after_a_reload() {
    let mut stage = Stage::new();
    stage.take(Event::Opened(true));
    let started = SessionStarted {
        run_id: "run_1".into(),
        question: Some(question()),
        ..session("ses_1", vec![answer(Status::Completed, "Which size?")])
    };
    let effects = stage.take(Event::Started(started));
    assert!(effects.contains(&Effect::TellQuestion));
    assert_eq!(stage.chat.choices(), ["Small", "Large"]);
    assert!(!stage.chat.is_running());
}

#[test]
fn a_turn_that_is_stopped_while_it_waits_asks_no_more() {
    let mut stage = asked();
    stage.take(Event::RunTold("run_1".into(), Status::Stopped));
    assert!(stage.chat.question.is_none());
    assert_eq!(calls(&stage.write("b", "Never mind")), [post("b", "Never mind")]);
}
