//! The line and its ends: silence, refusal, failure, reload, another tab.

use super::*;

#[test]
fn a_silent_socket_is_asked_for_a_sign_of_life_and_opened_again_when_none_comes() {
    let mut stage = Stage::live();
    assert_eq!(calls(&stage.wait(26_000.0)), [Call::Ping]);
    stage.wait(1_000.0);
    stage.take(Event::Heard);
    assert_eq!(calls(&stage.wait(20_000.0)), []);
    assert_eq!(calls(&stage.wait(6_000.0)), [Call::Ping]);
    assert_eq!(calls(&stage.wait(5_000.0)), []);
    let effects = stage.wait(6_000.0);
    assert!(effects.contains(&Effect::HangUp));
    assert_eq!(calls(&effects), [SOCKET]);
}

#[test]
fn a_silent_stream_is_opened_again() {
    let mut stage = Stage::without_sockets();
    stage.take(Event::Listening);
    stage.take(Event::Heard);
    let effects = stage.wait(46_000.0);
    assert!(effects.contains(&Effect::HangUp));
    assert_eq!(calls(&effects), [STREAM]);
}

#[test]
fn a_cut_line_is_sought_calmly_and_called_lost_only_when_it_lasts() {
    let mut stage = Stage::live();
    assert_eq!(calls(&stage.take(Event::Ended(1006, 0.0))), []);
    assert_eq!(stage.chat.notice(), Notice::None, "a blink is not worth a word");
    assert_eq!(calls(&stage.wait(1_000.0)), [SOCKET]);
    assert_eq!(stage.chat.notice(), Notice::Reconnecting);
    for _ in 0..3 {
        assert_eq!(calls(&stage.take(Event::Ended(1006, 0.0))), [Call::Probe]);
        stage.take(Event::Probed(false));
        assert_eq!(calls(&stage.wait(30_000.0)), [SOCKET]);
    }
    assert_eq!(stage.chat.notice(), Notice::Lost);
    stage.take(Event::Listening);
    assert_eq!(stage.chat.notice(), Notice::None);
}

#[test]
fn a_restart_is_waited_for_as_long_as_the_server_says_and_spread_out() {
    let mut stage = Stage::answering();
    stage.take(Event::Ended(1012, 500.0));
    assert_eq!(calls(&stage.wait(900.0)), [], "500 ms, and half a second by lot");
    assert_eq!(calls(&stage.wait(200.0)), [SOCKET]);
    stage.take(Event::Listening);
    let effects = stage.take(Event::RunTold("run_1".into(), Status::Interrupted));
    assert!(effects.contains(&Effect::TellRunEnd(Status::Interrupted)));
    assert_eq!(calls(&stage.take(Event::RetryWanted)), [Call::Retry]);
}

#[test]
fn the_line_of_a_hidden_page_is_sought_rarely_and_at_once_when_somebody_looks() {
    let mut stage = Stage::live();
    stage.take(Event::Hidden(true));
    stage.take(Event::Ended(1012, 500.0));
    assert_eq!(calls(&stage.wait(10_000.0)), []);
    assert_eq!(calls(&stage.take(Event::Hidden(false))), [SOCKET]);
}

#[test]
fn a_socket_that_slept_is_asked_for_a_sign_of_life_when_somebody_looks() {
    let mut stage = Stage::live();
    stage.take(Event::Hidden(true));
    stage.wait(3_000.0);
    assert_eq!(calls(&stage.take(Event::Hidden(false))), [Call::Ping]);
    assert_eq!(calls(&stage.take(Event::Hidden(false))), [], "once");
}

#[test]
fn a_page_is_refused_when_the_probe_is_answered_and_the_request_is_not() {
    let mut stage = Stage::new();
    stage.take(Event::Opened(true));
    assert_eq!(
        calls(&stage.take(Event::Failed(Call::Start, Failure::Network))),
        [Call::Probe]
    );
    // A server that came up just now answers the probe only: the request is tried once more.
    assert_eq!(calls(&stage.take(Event::Probed(true))), [Call::Start]);
    stage.take(Event::Failed(Call::Start, Failure::Network));
    assert!(stage.take(Event::Probed(true)).contains(&Effect::Refuse));
    assert_eq!(calls(&stage.wait(60_000.0)), []);
}

#[test]
fn an_unreachable_server_is_said_at_once_and_tried_again() {
    let mut stage = Stage::new();
    stage.take(Event::Opened(true));
    stage.take(Event::Failed(Call::Start, Failure::Network));
    stage.take(Event::Probed(false));
    assert_eq!(stage.chat.notice(), Notice::Unreachable);
    assert_eq!(calls(&stage.wait(30_000.0)), [Call::Start]);
}

#[test]
fn withdrawn_access_ends_everything() {
    let mut stage = Stage::live();
    assert!(stage.take(Event::Ended(4403, 0.0)).contains(&Effect::Refuse));
    assert_eq!(calls(&stage.write("a", "Hello?")), []);
}

#[test]
fn a_failed_turn_can_be_run_again() {
    let mut stage = Stage::answering();
    let effects = stage.take(Event::RunFailed("The model did not answer.".into(), "c".into()));
    assert!(effects.contains(&Effect::TellError("The model did not answer.".into(), "c".into())));
    assert!(effects.contains(&Effect::TellRunEnd(Status::Error)));
    assert!(stage.chat.can_retry());
    assert_eq!(calls(&stage.take(Event::RetryWanted)), [Call::Retry]);
    stage.take(Event::RunTold("run_2".into(), Status::Running));
    assert!(!stage.chat.can_retry());
    let effects = stage.take(Event::MessageTold(MessageSeen {
        run_id: "run_2".into(),
        ..answer(Status::Running, "")
    }));
    assert_eq!(effects, [Effect::Replace(1), Effect::Mark(1)]);
    assert!(stage.chat.is_typing());
}

#[test]
fn a_turn_that_fails_before_its_answer_begins_still_has_a_place() {
    let mut stage = Stage::live();
    stage.write("a", "Hello?");
    stage.posted("a", "run_1");
    stage.take(Event::RunFailed("No model.".into(), "c".into()));
    assert_eq!((stage.chat.messages.len(), stage.chat.can_retry()), (2, true));
    stage.take(Event::MessageTold(answer(Status::Error, "")));
    assert_eq!((stage.chat.messages.len(), &*stage.chat.messages[1].id), (2, "msg_9"));
    assert_eq!(stage.chat.messages[1].problem, "No model.");
}

#[test]
fn a_stopped_turn_keeps_what_came() {
    let mut stage = Stage::answering();
    assert_eq!(calls(&stage.take(Event::StopWanted)), [Call::Stop]);
    assert_eq!(calls(&stage.take(Event::StopWanted)), [], "once is enough");
    let effects = stage.take(Event::RunTold("run_1".into(), Status::Stopped));
    assert!(effects.contains(&Effect::TellRunEnd(Status::Stopped)) && !effects.contains(&Effect::Tell(1)));
    assert_eq!(
        (&*stage.chat.messages[1].content, stage.chat.messages[1].status),
        ("Good", Status::Stopped)
    );
}

#[test]
fn a_resumed_session_shows_its_history_and_goes_on_with_the_running_answer() {
    let mut stage = Stage::new();
    stage.take(Event::Opened(true));
    let question = MessageSeen {
        id: "msg_1".into(),
        role: Role::User,
        ..answer(Status::Completed, "Hello?")
    };
    let started = SessionStarted {
        run_id: "run_1".into(),
        ..session("ses_1", vec![question, answer(Status::Running, "Go")])
    };
    let effects = stage.take(Event::Started(started));
    assert!(effects.contains(&Effect::Redraw) && !effects.contains(&Effect::Tell(0)));
    assert!(stage.chat.is_running() && !stage.chat.is_typing());
    stage.take(Event::Listening);
    let effects = stage.take(Event::MessageTold(answer(Status::Running, "Good")));
    assert_eq!(effects, [Effect::Replace(1), Effect::Mark(1)]);
    let effects = stage.take(Event::RunTold("run_1".into(), Status::Completed));
    assert!(effects.contains(&Effect::Tell(1)));
}

#[test]
fn another_conversation_takes_only_what_was_not_delivered() {
    let mut stage = Stage::answering();
    stage.write("b", "More?");
    stage.take(Event::Ended(4401, 0.0));
    stage.wait(1_000.0);
    stage.take(Event::Failed(Call::Renew, Failure::Token));
    let effects = stage.take(Event::Started(session("ses_2", Vec::new())));
    assert_eq!(
        stage.chat.messages.iter().map(|m| &*m.client_id).collect::<Vec<_>>(),
        ["b"]
    );
    assert_eq!(calls(&effects), [SOCKET, post("b", "More?")]);
}

#[test]
fn a_page_that_is_put_away_hangs_up_and_comes_back_where_it_was() {
    let mut stage = Stage::answering();
    assert!(stage.take(Event::Shown(false)).contains(&Effect::HangUp));
    assert_eq!(stage.chat.wake_at_ms(), None);
    assert_eq!(calls(&stage.take(Event::Shown(true))), [SOCKET]);
}

#[test]
fn a_closed_panel_listens_until_the_turn_ends() {
    let mut stage = Stage::answering();
    assert!(!stage.take(Event::Opened(false)).contains(&Effect::HangUp));
    assert!(
        stage
            .take(Event::RunTold("run_1".into(), Status::Completed))
            .contains(&Effect::HangUp)
    );
}

#[test]
fn pieces_of_an_answer_that_nobody_announced_change_nothing() {
    let mut stage = Stage::live();
    assert_eq!(stage.take(Event::AnswerGrew("msg_77".into(), "x".into())), []);
    assert_eq!(stage.take(Event::RetryWanted), []);
    assert_eq!(stage.take(Event::StopWanted), []);
}

#[test]
fn a_conversation_that_another_tab_began_is_the_one_of_this_tab_too() {
    let mut stage = Stage::answering();
    let effects = stage.take(Event::Moved);
    assert!(effects.contains(&Effect::HangUp));
    assert_eq!(calls(&effects), [Call::Start]);
    assert_eq!(calls(&stage.take(Event::Moved)), [], "it is being asked for already");
    let effects = stage.take(Event::Started(session("ses_2", Vec::new())));
    assert!(effects.contains(&Effect::Redraw) && stage.chat.messages.is_empty());
}

#[test]
fn a_stop_that_may_have_been_lost_with_the_line_is_asked_for_again() {
    let mut stage = Stage::answering();
    assert_eq!(calls(&stage.take(Event::StopWanted)), [Call::Stop]);
    stage.take(Event::Ended(1006, 0.0));
    stage.wait(1_000.0);
    assert_eq!(calls(&stage.take(Event::Listening)), [Call::Stop]);
    stage.take(Event::RunTold("run_1".into(), Status::Stopped));
    assert_eq!(calls(&stage.take(Event::Listening)), []);
}

#[test]
fn a_request_that_is_never_answered_is_given_up_and_made_again() {
    let mut stage = Stage::new();
    stage.take(Event::Opened(true));
    for _ in 0..2 {
        let effects = stage.wait(21_000.0);
        assert!(effects.contains(&Effect::HangUp), "{effects:?}");
        assert_eq!(calls(&stage.wait(10_000.0)), [Call::Start]);
    }
    assert_eq!(stage.chat.notice(), Notice::Unreachable);
    stage.take(Event::Failed(Call::Start, Failure::Network));
    assert!(stage.wait(21_000.0).contains(&Effect::HangUp), "the probe as well");
}
