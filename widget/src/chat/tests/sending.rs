//! Messages on their way: shown, sent, told once, kept while a turn runs.

use super::*;

#[test]
fn nothing_is_asked_of_the_server_before_the_panel_opens() {
    let mut stage = Stage::new();
    assert_eq!(calls(&stage.take(Event::Woke)), []);
    assert_eq!(stage.chat.wake_at_ms(), None);
    assert_eq!(calls(&stage.take(Event::Opened(true))), [Call::Start]);
}

#[test]
fn a_started_session_is_listened_to_after_its_last_number() {
    let mut stage = Stage::new();
    stage.take(Event::Opened(true));
    let effects = stage.take(Event::Started(session("ses_1", Vec::new())));
    assert_eq!(calls(&effects), [SOCKET]);
    assert!(effects.contains(&Effect::TellSession));
}

#[test]
fn a_message_is_shown_at_once_and_sent_when_the_session_is_there() {
    let mut stage = Stage::new();
    let effects = stage.write("a", "Hello?");
    assert!(effects.contains(&Effect::Insert(0)) && effects.contains(&Effect::Keep(0)));
    assert_eq!(calls(&effects), [Call::Start]);
    let effects = stage.take(Event::Started(session("ses_1", Vec::new())));
    assert_eq!(calls(&effects), [SOCKET, post("a", "Hello?")]);
    assert_eq!(stage.chat.messages[0].delivery, Delivery::Sending);
}

#[test]
fn a_delivered_message_is_told_once_whoever_says_so_first() {
    let mut stage = Stage::live();
    stage.write("a", "Hello?");
    let seen = MessageSeen {
        id: "msg_a".into(),
        client_id: "a".into(),
        role: Role::User,
        ..answer(Status::Completed, "Hello?")
    };
    let effects = stage.take(Event::MessageTold(seen));
    assert!(effects.contains(&Effect::Tell(0)) && effects.contains(&Effect::Settle(0, true)));
    let effects = stage.posted("a", "run_1");
    assert!(!effects.contains(&Effect::Tell(0)) && !effects.contains(&Effect::Settle(0, true)));
    assert_eq!(stage.chat.messages.len(), 1);
    assert!(stage.chat.is_running());
}

#[test]
fn a_late_answer_to_a_post_does_not_start_an_ended_turn_again() {
    let mut stage = Stage::live();
    stage.write("a", "Hello?");
    stage.take(Event::RunTold("run_1".into(), Status::Running));
    stage.take(Event::RunTold("run_1".into(), Status::Completed));
    stage.posted("a", "run_1");
    assert!(!stage.chat.is_running());
}

#[test]
fn the_answer_grows_in_place_and_is_told_once_when_it_is_complete() {
    let mut stage = Stage::answering();
    assert!(!stage.chat.is_typing());
    assert_eq!(
        stage.take(Event::AnswerGrew("msg_9".into(), " day".into())),
        [Effect::Append(1, " day".into())]
    );
    let effects = stage.take(Event::RunTold("run_1".into(), Status::Completed));
    assert_eq!(
        effects,
        [Effect::Mark(1), Effect::Tell(1), Effect::TellRunEnd(Status::Completed)]
    );
    let effects = stage.take(Event::MessageTold(answer(Status::Completed, "Good day")));
    assert_eq!(effects, [Effect::Mark(1)], "the same thing told again changes nothing");
}

#[test]
fn typing_is_shown_until_the_first_piece() {
    let mut stage = Stage::live();
    stage.write("a", "Hello?");
    stage.posted("a", "run_1");
    assert!(stage.chat.is_typing());
    stage.take(Event::AnswerBegan("msg_9".into()));
    assert!(stage.chat.is_typing());
    stage.take(Event::AnswerGrew("msg_9".into(), "G".into()));
    assert!(!stage.chat.is_typing());
}

#[test]
fn what_is_written_during_a_turn_waits_for_its_end() {
    let mut stage = Stage::answering();
    assert_eq!(calls(&stage.write("b", "More?")), []);
    assert_eq!(stage.chat.messages[2].delivery, Delivery::Waiting);
    assert_eq!(
        calls(&stage.take(Event::RunTold("run_1".into(), Status::Completed))),
        [post("b", "More?")]
    );
}

#[test]
fn a_turn_of_another_tab_keeps_the_message_until_it_ends() {
    let mut stage = Stage::live();
    stage.write("b", "More?");
    stage.take(Event::Failed(post("b", "More?"), Failure::Busy));
    assert_eq!(stage.chat.messages[0].delivery, Delivery::Waiting);
    stage.take(Event::RunTold("run_7".into(), Status::Running));
    assert_eq!(calls(&stage.wait(10_000.0)), []);
    assert_eq!(
        calls(&stage.take(Event::RunTold("run_7".into(), Status::Completed))).last(),
        Some(&post("b", "More?"))
    );
}

#[test]
fn a_pause_counts_down_and_then_the_message_goes() {
    let mut stage = Stage::live();
    stage.write("a", "Hello?");
    stage.take(Event::Failed(post("a", "Hello?"), Failure::Pause(12_000.0)));
    assert_eq!(stage.chat.notice(), Notice::Pause(13));
    assert_eq!(stage.chat.wake_at_ms(), Some(START + 1000.0));
    assert_eq!(calls(&stage.wait(1_000.0)), []);
    assert_eq!(stage.chat.notice(), Notice::Pause(12));
    assert_eq!(calls(&stage.wait(11_000.0)), [post("a", "Hello?")]);
    assert_eq!(stage.chat.notice(), Notice::None);
}

#[test]
fn a_refused_message_is_settled_and_not_sent_again() {
    let mut stage = Stage::live();
    stage.write("a", "Hello?");
    let effects = stage.take(Event::Failed(post("a", "Hello?"), Failure::Refused));
    assert!(effects.contains(&Effect::Settle(0, false)));
    assert_eq!(
        calls(&stage.wait(60_000.0))
            .iter()
            .filter(|call| matches!(call, Call::Post { .. }))
            .count(),
        0
    );
}

#[test]
fn an_expired_token_is_renewed_and_the_message_kept() {
    let mut stage = Stage::live();
    stage.write("a", "Hello?");
    assert_eq!(
        calls(&stage.take(Event::Failed(post("a", "Hello?"), Failure::Token))),
        [Call::Renew]
    );
    assert_eq!(
        calls(&stage.take(Event::Renewed(START + 900_000.0))),
        [SOCKET, post("a", "Hello?")]
    );
}

#[test]
fn a_token_that_cannot_be_renewed_starts_the_session_again() {
    let mut stage = Stage::live();
    stage.take(Event::Ended(4401, 0.0));
    assert_eq!(stage.chat.link, Link::Renewing);
    assert_eq!(
        calls(&stage.take(Event::Failed(Call::Renew, Failure::Token))),
        [Call::Start]
    );
}

#[test]
fn a_renewal_ahead_of_time_leaves_the_stream_alone() {
    let mut stage = Stage::without_sockets();
    stage.take(Event::Listening);
    let mut asked = Vec::new();
    for _ in 0..28 {
        stage.take(Event::Heard);
        asked.extend(calls(&stage.wait(30_000.0)));
    }
    assert_eq!(asked, [Call::Renew]);
    assert_eq!(stage.take(Event::Renewed(stage.now_ms + 900_000.0)), []);
    assert_eq!(stage.chat.link, Link::Live);
}

#[test]
fn the_token_of_a_socket_is_the_servers_affair() {
    let mut stage = Stage::live();
    let mut asked = Vec::new();
    for _ in 0..40 {
        asked.extend(calls(&stage.wait(24_000.0)));
        stage.take(Event::Heard);
    }
    assert_eq!(asked, []);
}

#[test]
fn a_step_stands_before_the_answer_and_moves_into_it() {
    let deed = |is_done| Deed {
        label: "Search".into(),
        is_done,
    };
    let mut stage = Stage::live();
    stage.write("a", "Hello?");
    stage.posted("a", "run_1");
    stage.take(Event::StepTold("Search".into(), false));
    assert_eq!(stage.chat.deed, deed(false));
    stage.take(Event::StepTold("Search".into(), true));
    let effects = stage.take(Event::AnswerBegan("msg_9".into()));
    assert!(effects.contains(&Effect::Mark(1)));
    assert_eq!(
        (&stage.chat.deed, &stage.chat.messages[1].deed),
        (&Deed::default(), &deed(true))
    );
    let effects = stage.take(Event::StepTold("Search".into(), false));
    assert!(effects.contains(&Effect::Mark(1)));
    assert_eq!(stage.chat.messages[1].deed, deed(false));
    assert_eq!(stage.chat.messages[0].deed, Deed::default(), "the question did nothing");
}
