-- Runs with foreign keys off (see `open`), so that `turns` can be made anew.

-- A turn may wait for a human. interrupt: its question, as JSON, kept when it was answered.
CREATE TABLE new_turns (
    workspace_id TEXT NOT NULL,
    run_id TEXT NOT NULL UNIQUE,
    session_id TEXT NOT NULL,
    question_id TEXT NOT NULL,
    answer_id TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('running', 'waiting', 'completed', 'interrupted', 'stopped', 'error')),
    interrupt TEXT,
    error_code TEXT,
    input_tokens INTEGER,
    output_tokens INTEGER,
    ordinal INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    finished_at INTEGER,
    correlation_id TEXT,
    PRIMARY KEY (workspace_id, run_id),
    FOREIGN KEY (workspace_id, session_id) REFERENCES sessions (workspace_id, id) ON DELETE CASCADE
) STRICT;
INSERT INTO new_turns (workspace_id, run_id, session_id, question_id, answer_id, status, error_code, input_tokens,
    output_tokens, ordinal, started_at, finished_at, correlation_id)
SELECT workspace_id, run_id, session_id, question_id, answer_id, status, error_code, input_tokens, output_tokens,
    ordinal, started_at, finished_at, correlation_id
FROM turns;
DROP TABLE turns;
ALTER TABLE new_turns RENAME TO turns;
CREATE UNIQUE INDEX turns_by_ordinal ON turns (workspace_id, session_id, ordinal);
-- The rule itself: one running turn per session, and one that waits.
CREATE UNIQUE INDEX turns_running ON turns (workspace_id, session_id) WHERE status = 'running';
CREATE UNIQUE INDEX turns_waiting ON turns (workspace_id, session_id) WHERE status = 'waiting';
