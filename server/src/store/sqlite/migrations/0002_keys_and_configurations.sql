-- Runs with foreign keys off (see `open`), so that `sessions` can be made anew without taking its messages along.

-- What sessions run, by the hash of it: of agents and of bodies that came with a session.
CREATE TABLE configurations (
    workspace_id TEXT NOT NULL,
    config_hash TEXT NOT NULL,
    system_config TEXT NOT NULL,
    PRIMARY KEY (workspace_id, config_hash)
) STRICT;
INSERT OR IGNORE INTO configurations (workspace_id, config_hash, system_config)
SELECT workspace_id, config_hash, system_config FROM agent_versions;

-- agent_id: none where the configuration came with the session. key_id: the key that made it, none for a visitor's.
-- dialect: what a dialect wants back as it was given. variables: what the inputs of earlier turns left behind.
CREATE TABLE new_sessions (
    workspace_id TEXT NOT NULL,
    id TEXT NOT NULL UNIQUE,
    agent_id TEXT,
    config_hash TEXT NOT NULL,
    key_id TEXT,
    visitor_id TEXT,
    origin TEXT,
    locale TEXT,
    page_url TEXT,
    page_title TEXT,
    page_referrer TEXT,
    dialect TEXT NOT NULL DEFAULT '{}',
    variables TEXT NOT NULL DEFAULT '{}',
    last_seq INTEGER NOT NULL,
    reserved_seq INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    last_activity_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, agent_id) REFERENCES agents (workspace_id, id) ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, config_hash) REFERENCES configurations (workspace_id, config_hash)
) STRICT;
INSERT INTO new_sessions (workspace_id, id, agent_id, config_hash, visitor_id, origin, locale, page_url, page_title,
    page_referrer, last_seq, reserved_seq, created_at, last_activity_at)
SELECT sessions.workspace_id, sessions.id, sessions.agent_id, agent_versions.config_hash, sessions.visitor_id,
    sessions.origin, sessions.locale, sessions.page_url, sessions.page_title, sessions.page_referrer,
    sessions.last_seq, sessions.reserved_seq, sessions.created_at, sessions.last_activity_at
FROM sessions
JOIN agent_versions ON agent_versions.workspace_id = sessions.workspace_id
    AND agent_versions.agent_id = sessions.agent_id AND agent_versions.version_number = sessions.agent_version;
DROP TABLE sessions;
ALTER TABLE new_sessions RENAME TO sessions;
CREATE INDEX sessions_by_agent ON sessions (workspace_id, agent_id);
CREATE INDEX sessions_by_key ON sessions (workspace_id, key_id, created_at) WHERE key_id IS NOT NULL;
CREATE INDEX sessions_by_configuration ON sessions (workspace_id, config_hash);

-- blocks: images and documents of a message, as JSON; none where it is text alone.
ALTER TABLE messages ADD COLUMN blocks TEXT;
ALTER TABLE turns ADD COLUMN correlation_id TEXT;

-- Only the hash of a key is kept. Rows stay when keys are revoked: sessions and the audit log name them.
CREATE TABLE keys (
    workspace_id TEXT NOT NULL,
    id TEXT NOT NULL UNIQUE,
    hash TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    prefix TEXT NOT NULL,
    scopes TEXT NOT NULL,
    agents TEXT,
    addresses TEXT,
    created_by TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER,
    expires_at INTEGER,
    revoked_at INTEGER,
    PRIMARY KEY (workspace_id, id)
) STRICT;

-- What a POST with an Idempotency-Key was answered; status and body are missing while it is being answered.
CREATE TABLE idempotent_answers (
    workspace_id TEXT NOT NULL,
    key_id TEXT NOT NULL,
    route TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    request_hash TEXT NOT NULL,
    status INTEGER,
    body BLOB,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, key_id, route, idempotency_key)
) STRICT;
CREATE INDEX idempotent_answers_by_time ON idempotent_answers (created_at);

-- What an agent received and did in a turn; the document is JSON.
CREATE TABLE traces (
    workspace_id TEXT NOT NULL,
    run_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    document TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, run_id),
    FOREIGN KEY (workspace_id, session_id) REFERENCES sessions (workspace_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX traces_by_time ON traces (workspace_id, started_at);
CREATE INDEX traces_by_session ON traces (workspace_id, session_id);
