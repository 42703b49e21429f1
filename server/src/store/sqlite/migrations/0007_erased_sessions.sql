-- Ids of sessions that were erased, and nothing else of them. The triggers hold for every way in which a session goes,
-- the end of its agent included. A migration that makes `sessions` anew must make them anew too.
CREATE TABLE erased_sessions (
    workspace_id TEXT NOT NULL,
    id TEXT NOT NULL,
    erased_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id)
) STRICT;
CREATE INDEX erased_sessions_by_time ON erased_sessions (erased_at);

-- The session that a kept answer tells of.
ALTER TABLE idempotent_answers ADD COLUMN session_id TEXT;
CREATE INDEX idempotent_answers_by_session ON idempotent_answers (workspace_id, session_id)
    WHERE session_id IS NOT NULL;

CREATE TRIGGER sessions_erased AFTER DELETE ON sessions BEGIN
    INSERT OR IGNORE INTO erased_sessions (workspace_id, id, erased_at)
    VALUES (old.workspace_id, old.id, CAST(unixepoch('subsec') * 1000 AS INTEGER));
    DELETE FROM idempotent_answers WHERE workspace_id = old.workspace_id AND session_id = old.id;
END;
CREATE TRIGGER sessions_stay_erased BEFORE INSERT ON sessions
WHEN EXISTS (SELECT 1 FROM erased_sessions WHERE workspace_id = new.workspace_id AND id = new.id) BEGIN
    SELECT RAISE(ABORT, 'this session was erased');
END;

-- Sessions are looked through by age from the oldest on. Their last activity changes with every turn: an index of that
-- would be paid for with each of them.
CREATE INDEX sessions_by_age ON sessions (created_at);
