//! Users, their tokens and log-ins.

use atthene_protocol::ids::UserId;
use atthene_server::model::user::{Login, PasswordHash, Role, User, UserState, UserToken};
use atthene_server::store::{AuditFilter, UserChanged};

use super::{Bench, NOW, on_every_backend};

fn user(bench: &Bench, name: &str, role: Role) -> User {
    User {
        id: UserId(format!("usr_{name}")),
        workspace: bench.workspace.clone(),
        email: format!("{name}@Example.com"),
        name: name.to_owned(),
        role,
        state: UserState::Active,
        created_at: NOW,
        created_by: "cli".to_owned(),
        last_login_at: None,
    }
}

fn login(of: &User, hash: &str, minutes: i64) -> Login {
    let at = NOW.plus_ms(minutes * 60_000);
    Login {
        hash: hash.to_owned(),
        workspace: of.workspace.clone(),
        user_id: of.id.clone(),
        created_at: at,
        last_seen_at: at,
        expires_at: at.plus_ms(3_600_000),
    }
}

fn token(of: &User, hash: &str, user_id: Option<UserId>) -> UserToken {
    UserToken {
        hash: hash.to_owned(),
        workspace: of.workspace.clone(),
        user_id,
        created_at: NOW,
        expires_at: NOW.plus_ms(1_000),
    }
}

fn hash() -> PasswordHash {
    PasswordHash("$argon2id$x".to_owned())
}

async fn hashes(bench: &Bench) -> Vec<String> {
    let mut logins = bench.store.list_all_logins().await.unwrap();
    logins.sort_by(|one, other| one.hash.cmp(&other.hash));
    logins.into_iter().map(|login| login.hash).collect()
}

#[tokio::test]
async fn an_address_is_one_user_s_whatever_its_case_in_each_workspace() {
    on_every_backend(async |bench| {
        let ada = user(&bench, "ada", Role::Owner);
        assert!(bench.store.create_user(&ada, Some(&hash())).await.unwrap());
        let same = User {
            id: UserId("usr_other".to_owned()),
            email: "ADA@example.COM".to_owned(),
            ..ada.clone()
        };
        assert!(!bench.store.create_user(&same, None).await.unwrap());
        let elsewhere = User {
            workspace: bench.stranger.clone(),
            ..same
        };
        assert!(bench.store.create_user(&elsewhere, None).await.unwrap());
        let found = bench
            .store
            .find_user_by_email(&bench.workspace, " ada@EXAMPLE.com")
            .await
            .unwrap();
        assert_eq!(found, Some((ada.clone(), Some(hash()))));
        assert_eq!(bench.store.find_user(&bench.stranger, &ada.id).await.unwrap(), None);
        let users = bench.store.list_users(&bench.workspace).await.unwrap();
        assert_eq!(users, std::slice::from_ref(&ada));
        assert_eq!(bench.store.list_all_users().await.unwrap().len(), 2);
        assert_eq!(
            bench.store.delete_user(&bench.stranger, &ada.id).await.unwrap(),
            UserChanged::NoUser
        );
    })
    .await;
}

#[tokio::test]
async fn every_change_bumps_the_revision_but_a_use_does_not() {
    on_every_backend(async |bench| {
        let ada = user(&bench, "ada", Role::Owner);
        let mut known = bench.store.agents_revision().await.unwrap();
        let mut has_risen = async || {
            let now = bench.store.agents_revision().await.unwrap();
            let before = std::mem::replace(&mut known, now);
            now > before
        };
        bench.store.create_user(&ada, None).await.unwrap();
        assert!(has_risen().await);
        bench.store.create_login(&login(&ada, "one", 0), NOW, 9).await.unwrap();
        assert!(has_risen().await);
        bench.store.touch_login("one", NOW.plus_ms(60_000)).await.unwrap();
        assert!(!has_risen().await);
        assert_eq!(
            bench.store.list_all_logins().await.unwrap()[0].last_seen_at,
            NOW.plus_ms(60_000)
        );
        let found = bench.store.find_user(&bench.workspace, &ada.id).await.unwrap().unwrap();
        assert_eq!(found.last_login_at, Some(NOW));
        assert!(
            bench
                .store
                .change_password(&bench.workspace, &ada.id, &hash(), None)
                .await
                .unwrap()
        );
        assert!(has_risen().await);
        assert!(
            !bench.store.delete_login("one").await.unwrap(),
            "it ended with the password"
        );
        assert!(!has_risen().await);
    })
    .await;
}

#[tokio::test]
async fn log_ins_end_by_age_by_number_and_with_their_user() {
    on_every_backend(async |bench| {
        let (ada, grace) = (user(&bench, "ada", Role::Owner), user(&bench, "grace", Role::Viewer));
        for one in [&ada, &grace] {
            bench.store.create_user(one, None).await.unwrap();
        }
        for (hash, minutes) in [("a1", 0), ("a2", 1), ("a3", 2)] {
            bench
                .store
                .create_login(&login(&ada, hash, minutes), NOW, 2)
                .await
                .unwrap();
        }
        bench.store.create_login(&login(&grace, "g1", 3), NOW, 2).await.unwrap();
        assert_eq!(hashes(&bench).await, ["a2", "a3", "g1"]);
        // Two hours later all have expired.
        bench
            .store
            .create_login(&login(&grace, "g2", 120), NOW, 2)
            .await
            .unwrap();
        assert_eq!(hashes(&bench).await, ["g2"]);
        let idle_since = NOW.plus_ms(130 * 60_000);
        bench
            .store
            .create_login(&login(&ada, "a4", 130), idle_since, 2)
            .await
            .unwrap();
        assert_eq!(hashes(&bench).await, ["a4"]);
        let disabled = User {
            state: UserState::Disabled,
            ..grace.clone()
        };
        bench
            .store
            .create_login(&login(&grace, "g3", 131), NOW, 2)
            .await
            .unwrap();
        assert_eq!(bench.store.update_user(&disabled).await.unwrap(), UserChanged::Done);
        assert_eq!(hashes(&bench).await, ["a4"]);
        assert_eq!(
            bench.store.delete_user(&bench.workspace, &ada.id).await.unwrap(),
            UserChanged::LastOwner
        );
        assert_eq!(
            bench.store.delete_user(&bench.workspace, &grace.id).await.unwrap(),
            UserChanged::Done
        );
    })
    .await;
}

#[tokio::test]
async fn a_token_is_good_once_for_its_user_and_until_its_end() {
    on_every_backend(async |bench| {
        let (ada, grace) = (user(&bench, "ada", Role::Owner), user(&bench, "grace", Role::Viewer));
        let store = &bench.store;
        for hash in ["first", "setup"] {
            store.keep_token(&token(&ada, hash, None)).await.unwrap();
        }
        assert_eq!(
            store.find_token("first", NOW).await.unwrap(),
            None,
            "the later takes its place"
        );
        assert!(store.find_token("setup", NOW).await.unwrap().is_some());
        assert_eq!(store.find_token("setup", NOW.plus_ms(1_000)).await.unwrap(), None);
        assert!(store.redeem_token("setup", &ada, &hash(), NOW).await.unwrap());
        assert!(!store.redeem_token("setup", &ada, &hash(), NOW).await.unwrap());
        store.keep_token(&token(&ada, "second owner", None)).await.unwrap();
        assert!(!store.redeem_token("second owner", &grace, &hash(), NOW).await.unwrap());
        let invited = User {
            state: UserState::Invited,
            ..grace.clone()
        };
        store.create_user(&invited, None).await.unwrap();
        store
            .keep_token(&token(&grace, "invite", Some(grace.id.clone())))
            .await
            .unwrap();
        let joined = User {
            role: Role::Owner,
            ..grace.clone()
        };
        assert!(store.redeem_token("invite", &joined, &hash(), NOW).await.unwrap());
        let found = store.find_user_by_email(&bench.workspace, &grace.email).await.unwrap();
        assert_eq!(
            found,
            Some((grace.clone(), Some(hash()))),
            "the role is that of the invitation"
        );
        store
            .keep_token(&token(&grace, "late", Some(grace.id.clone())))
            .await
            .unwrap();
        assert!(
            !store
                .redeem_token("late", &grace, &hash(), NOW.plus_ms(1_000))
                .await
                .unwrap()
        );
    })
    .await;
}

#[tokio::test]
async fn the_audit_log_is_read_by_filters_and_only_ever_added_to() {
    on_every_backend(async |bench| {
        let ada = user(&bench, "ada", Role::Owner);
        bench.store.create_user(&ada, None).await.unwrap();
        for (actor, action, subject) in [
            ("usr_ada", "agent.updated", "agt_1"),
            ("usr_ada", "agent.deleted", "agt_1"),
            ("cli", "agents", "agt_2"),
            ("cli", "key.created", "key_1"),
        ] {
            let entry = atthene_server::model::audit::AuditEntry {
                workspace: bench.workspace.clone(),
                at: NOW,
                actor: actor.to_owned(),
                action: action.to_owned(),
                subject: subject.to_owned(),
                detail: serde_json::json!({}),
            };
            bench.store.append_audit(&entry).await.unwrap();
        }
        let page = async |change: &dyn Fn(&mut AuditFilter)| {
            let mut filter = AuditFilter {
                limit: 10,
                ..AuditFilter::default()
            };
            change(&mut filter);
            let lines = bench.store.page_audit(&bench.workspace, &filter).await.unwrap();
            lines
                .into_iter()
                .map(|line| (line.id, line.entry.action, line.actor_name))
                .collect::<Vec<_>>()
        };
        let all = page(&|_| {}).await;
        let actions: Vec<&str> = all.iter().map(|(_, action, _)| action.as_str()).collect();
        assert_eq!(actions, ["key.created", "agents", "agent.deleted", "agent.updated"]);
        assert_eq!(all[3].2.as_deref(), Some("ada"));
        assert_eq!(page(&|filter| filter.action = Some("agent".to_owned())).await.len(), 2);
        assert_eq!(page(&|filter| filter.actor = Some("cli".to_owned())).await.len(), 2);
        assert_eq!(page(&|filter| filter.subject = Some("agt_2".to_owned())).await.len(), 1);
        let before = all[1].0;
        assert_eq!(page(&|filter| filter.before = Some(before)).await, all[2..]);
        assert_eq!(page(&|filter| filter.limit = 1).await, all[..1]);
    })
    .await;
}
