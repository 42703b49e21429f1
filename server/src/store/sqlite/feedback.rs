//! What visitors think of answers, in SQLite: three columns of the message.

use async_trait::async_trait;
use atthene_protocol::ids::{MessageId, SessionId, WorkspaceId};
use sqlx::SqliteConnection;

use super::super::{FeedbackStore, Rated, StoreResult};
use super::{SqliteStore, rows};
use crate::model::conversation::{Feedback, Role, Status};
use crate::model::time::Timestamp;

#[async_trait]
impl FeedbackStore for SqliteStore {
    async fn rate_answer(
        &self,
        workspace: &WorkspaceId,
        session: &SessionId,
        message: &MessageId,
        feedback: Option<&Feedback>,
        now: Timestamp,
    ) -> StoreResult<Rated> {
        let (workspace, session, message) = (workspace.clone(), session.clone(), message.clone());
        let feedback = feedback.cloned();
        self.writer
            .write(move |connection| {
                Box::pin(async move {
                    let rated = may_rate(connection, &workspace, &session, &message).await?;
                    if rated == Rated::Kept {
                        keep(connection, &workspace, &message, feedback.as_ref(), now).await?;
                    }
                    Ok(rated)
                })
            })
            .await
    }
}

async fn may_rate(
    connection: &mut SqliteConnection,
    workspace: &WorkspaceId,
    session: &SessionId,
    message: &MessageId,
) -> StoreResult<Rated> {
    let found =
        sqlx::query("SELECT role, status FROM messages WHERE workspace_id = $1 AND session_id = $2 AND id = $3")
            .bind(&workspace.0)
            .bind(&session.0)
            .bind(&message.0)
            .fetch_optional(connection)
            .await?;
    let Some(found) = found else {
        return Ok(Rated::NoMessage);
    };
    Ok(match (rows::role(&found)?, rows::status(&found)?) {
        (Role::User, _) => Rated::NoAnswer,
        (Role::Assistant, Status::Completed) => Rated::Kept,
        (Role::Assistant, _) => Rated::NotComplete,
    })
}

async fn keep(
    connection: &mut SqliteConnection,
    workspace: &WorkspaceId,
    message: &MessageId,
    feedback: Option<&Feedback>,
    now: Timestamp,
) -> StoreResult<()> {
    sqlx::query(
        "UPDATE messages SET rating = $3, rating_comment = $4, rated_at = $5 WHERE workspace_id = $1 AND id = $2",
    )
    .bind(&workspace.0)
    .bind(&message.0)
    .bind(feedback.map(|feedback| feedback.rating.as_str()))
    .bind(feedback.and_then(|feedback| feedback.comment.as_deref()))
    .bind(feedback.map(|_| now.0))
    .execute(connection)
    .await?;
    Ok(())
}
