//! From the socket to the stream to plain requests, and staying with what works.

use super::*;

#[test]
fn the_socket_comes_first() {
    let mut stage = Stage::new();
    stage.take(Event::Opened(true));
    let effects = stage.take(Event::Started(session("ses_1", Vec::new())));
    assert_eq!(calls(&effects), [SOCKET]);
}

#[test]
fn two_sockets_that_never_open_while_the_server_answers_lead_to_the_stream() {
    let mut stage = Stage::new();
    stage.take(Event::Opened(true));
    stage.take(Event::Started(session("ses_1", Vec::new())));
    assert_eq!(calls(&stage.take(Event::Ended(1006, 0.0))), [Call::Probe]);
    assert_eq!(calls(&stage.take(Event::Probed(true))), [SOCKET]);
    assert_eq!(calls(&stage.take(Event::Ended(1006, 0.0))), [Call::Probe]);
    assert_eq!(calls(&stage.take(Event::Probed(true))), [STREAM]);
    stage.take(Event::Listening);
    stage.take(Event::Heard);
    stage.take(Event::Ended(0, 0.0));
    assert_eq!(calls(&stage.wait(1_000.0)), [STREAM], "remembered for this page");
}

#[test]
fn a_socket_on_which_nothing_comes_counts_as_blocked() {
    let mut stage = Stage::new();
    stage.take(Event::Opened(true));
    stage.take(Event::Started(session("ses_1", Vec::new())));
    let effects = stage.wait(4_000.0);
    assert!(effects.contains(&Effect::HangUp));
    assert_eq!(calls(&effects), [Call::Probe]);
    stage.take(Event::Probed(true));
    stage.wait(4_000.0);
    assert_eq!(calls(&stage.take(Event::Probed(true))), [STREAM]);
}

#[test]
fn a_server_that_is_down_says_nothing_about_sockets() {
    let mut stage = Stage::new();
    stage.take(Event::Opened(true));
    stage.take(Event::Started(session("ses_1", Vec::new())));
    for _ in 0..6 {
        stage.take(Event::Ended(1006, 0.0));
        stage.take(Event::Probed(false));
        assert_eq!(calls(&stage.wait(30_000.0)), [SOCKET]);
    }
}

#[test]
fn a_socket_that_has_worked_is_believed_in_for_longer() {
    let mut stage = Stage::live();
    stage.take(Event::Ended(1006, 0.0));
    for _ in 0..4 {
        assert_eq!(calls(&stage.wait(30_000.0)), [SOCKET]);
        stage.take(Event::Ended(1006, 0.0));
        stage.take(Event::Probed(true));
    }
    assert_eq!(calls(&stage.wait(30_000.0)), [SOCKET]);
    stage.take(Event::Ended(1006, 0.0));
    assert_eq!(calls(&stage.take(Event::Probed(true))), [STREAM]);
}

#[test]
fn a_stream_that_says_nothing_of_a_turn_is_held_back_somewhere() {
    let mut stage = Stage::without_sockets();
    stage.take(Event::Listening);
    assert_eq!(
        calls(&stage.wait(10_000.0)),
        [],
        "without a turn there is nothing to say"
    );
    stage.write("a", "Hello?");
    stage.posted("a", "run_1");
    let effects = stage.wait(4_000.0);
    assert!(effects.contains(&Effect::HangUp));
    assert_eq!(calls(&effects), [POLL]);
}

#[test]
fn an_answer_is_read_by_asking_for_it_and_told_once() {
    let mut stage = polling();
    stage.take(Event::Polled(vec![asked(), answer(Status::Running, "Go")]));
    assert_eq!(
        (stage.chat.is_running(), &*stage.chat.messages[1].content),
        (true, "Go")
    );
    assert_eq!(stage.chat.notice(), Notice::None);
    assert_eq!(calls(&stage.wait(1_600.0)), [POLL]);
    let effects = stage.take(Event::Polled(vec![asked(), answer(Status::Completed, "Good")]));
    assert!(effects.contains(&Effect::TellRunEnd(Status::Completed)) && effects.contains(&Effect::Tell(1)));
    assert_eq!(calls(&effects), [Call::Start], "how it ended is told there");
    let history = vec![asked(), answer(Status::Completed, "Good")];
    let effects = stage.take(Event::Started(session("ses_1", history.clone())));
    assert!(!effects.contains(&Effect::Tell(1)) && !effects.contains(&Effect::Redraw));
    let effects = stage.take(Event::Polled(history));
    assert!(!effects.contains(&Effect::Tell(1)) && !effects.contains(&Effect::Call(Call::Start)));
    assert_eq!(calls(&stage.wait(2_000.0)), [], "nothing runs: no hurry");
    assert_eq!(calls(&stage.wait(9_000.0)), [POLL]);
}

#[test]
fn what_is_sent_where_the_server_is_asked_is_looked_after_soon() {
    let mut stage = polling();
    stage.take(Event::Polled(vec![asked(), answer(Status::Completed, "Good")]));
    stage.take(Event::Started(session("ses_1", Vec::new())));
    stage.take(Event::Polled(vec![asked(), answer(Status::Completed, "Good")]));
    assert_eq!(calls(&stage.write("b", "More?")), [post("b", "More?")]);
    stage.posted("b", "run_2");
    assert_eq!(calls(&stage.wait(1_100.0)), [POLL]);
}

#[test]
fn a_question_is_learned_of_where_the_server_is_asked() {
    let mut stage = polling();
    let effects = stage.take(Event::Polled(vec![asked(), answer(Status::Completed, "Which size?")]));
    assert_eq!(calls(&effects), [Call::Start]);
    let started = SessionStarted {
        run_id: "run_1".into(),
        question: Some(question()),
        ..session("ses_1", Vec::new())
    };
    assert!(stage.take(Event::Started(started)).contains(&Effect::TellQuestion));
    stage.take(Event::Polled(vec![asked(), answer(Status::Completed, "Which size?")]));
    assert_eq!(stage.chat.choices(), ["Small", "Large"]);
}

fn asked() -> MessageSeen {
    MessageSeen {
        id: "msg_a".into(),
        client_id: "a".into(),
        role: Role::User,
        ..answer(Status::Completed, "Hello?")
    }
}

/// Sockets are blocked and streams held back; a question was asked.
fn polling() -> Stage {
    let mut stage = Stage::without_sockets();
    stage.write("a", "Hello?");
    stage.posted("a", "run_1");
    assert_eq!(calls(&stage.wait(4_100.0)), [POLL]);
    stage
}
