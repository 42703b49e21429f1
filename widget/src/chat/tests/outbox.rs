//! What is written while there is no line: it waits where it is seen, goes once, and in order.

use super::*;

fn waiting(stage: &Stage) -> Vec<(&str, Delivery)> {
    stage
        .chat
        .messages
        .iter()
        .map(|m| (&*m.client_id, m.delivery))
        .collect()
}

#[test]
fn messages_written_offline_go_once_and_in_order_when_the_line_is_back() {
    let mut stage = Stage::live();
    let effects = stage.take(Event::Online(false));
    assert!(effects.contains(&Effect::HangUp), "what is said on a dead line is lost");
    stage.take(Event::Ended(1006, 0.0));
    stage.take(Event::Probed(false));
    stage.write("a", "One");
    stage.write("b", "Two");
    assert_eq!(stage.chat.notice(), Notice::Offline);
    assert_eq!(waiting(&stage), [("a", Delivery::Waiting), ("b", Delivery::Waiting)]);
    assert_eq!(calls(&stage.take(Event::Online(true))), [SOCKET, post("a", "One")]);
    stage.take(Event::Listening);
    stage.posted("a", "run_1");
    assert_eq!(
        calls(&stage.take(Event::RunTold("run_1".into(), Status::Completed))),
        [post("b", "Two")]
    );
}

#[test]
fn what_was_on_its_way_when_the_socket_was_cut_goes_again_under_the_same_id() {
    let mut stage = Stage::live();
    assert_eq!(calls(&stage.write("a", "One")), [post("a", "One")]);
    let effects = stage.take(Event::Ended(1006, 0.0));
    assert!(effects.contains(&Effect::Mark(0)));
    assert_eq!(waiting(&stage), [("a", Delivery::Waiting)]);
    assert_eq!(calls(&stage.wait(1_000.0)), [SOCKET, post("a", "One")]);
}

#[test]
fn what_had_arrived_before_the_cut_is_not_sent_again() {
    let mut stage = Stage::live();
    stage.write("a", "One");
    stage.take(Event::Ended(1006, 0.0));
    let seen = MessageSeen {
        id: "msg_a".into(),
        client_id: "a".into(),
        role: Role::User,
        ..answer(Status::Completed, "One")
    };
    let effects = stage.take(Event::MessageTold(seen));
    assert!(effects.contains(&Effect::Settle(0, true)));
    assert_eq!(calls(&stage.wait(1_000.0)), [SOCKET]);
    assert_eq!(waiting(&stage), [("a", Delivery::Delivered)]);
}

#[test]
fn what_an_earlier_page_left_goes_before_what_is_written_now() {
    let mut stage = Stage::new();
    stage.write("old", "Left over");
    stage.take(Event::Opened(true));
    stage.write("new", "Written now");
    let effects = stage.take(Event::Started(session("ses_1", Vec::new())));
    assert_eq!(calls(&effects), [SOCKET, post("old", "Left over")]);
    stage.write("old", "Left over");
    assert_eq!(stage.chat.messages.len(), 2, "taken up once");
}

#[test]
fn a_pause_ends_with_one_attempt() {
    let mut stage = Stage::live();
    stage.write("a", "One");
    stage.take(Event::Failed(post("a", ""), Failure::Pause(3_000.0)));
    assert_eq!(calls(&stage.wait(2_900.0)), []);
    assert_eq!(calls(&stage.wait(200.0)), [post("a", "One")]);
    assert_eq!(calls(&stage.wait(5_000.0)), [], "not again until it is answered");
}
