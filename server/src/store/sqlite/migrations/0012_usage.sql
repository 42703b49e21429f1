-- When the first piece of a turn's answer was there.
ALTER TABLE turns ADD COLUMN first_token_at INTEGER;

-- What happened in an hour or on a day of UTC, per agent (empty where the configuration came with the session): sums, as
-- JSON. They are gathered from turns and sessions after the fact, so that no turn pays for them, and stay when those are
-- erased: counts tell of nobody.
CREATE TABLE usage_sums (
    workspace_id TEXT NOT NULL,
    step TEXT NOT NULL CHECK (step IN ('hour', 'day')),
    at INTEGER NOT NULL,
    agent_id TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (workspace_id, step, at, agent_id)
) STRICT, WITHOUT ROWID;

-- One row: the last turn and the last session that are in the sums, by their rowids, which rise as rows are made.
CREATE TABLE usage_gathered (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    turns INTEGER NOT NULL,
    sessions INTEGER NOT NULL
) STRICT;
INSERT INTO usage_gathered (only_row, turns, sessions) VALUES (1, 0, 0);

-- Where the last rows are erased, the next ones get their rowids again. A migration that makes one of these tables anew
-- must make its trigger anew too, and keep the rowids.
CREATE TRIGGER turns_gathered AFTER DELETE ON turns BEGIN
    UPDATE usage_gathered SET turns = MIN(turns, (SELECT COALESCE(MAX(rowid), 0) FROM turns))
    WHERE turns > (SELECT COALESCE(MAX(rowid), 0) FROM turns);
END;
CREATE TRIGGER sessions_gathered AFTER DELETE ON sessions BEGIN
    UPDATE usage_gathered SET sessions = MIN(sessions, (SELECT COALESCE(MAX(rowid), 0) FROM sessions))
    WHERE sessions > (SELECT COALESCE(MAX(rowid), 0) FROM sessions);
END;

-- The log of one action by time, as refused origins are counted.
CREATE INDEX audit_log_by_action ON audit_log (workspace_id, action, at, subject);
