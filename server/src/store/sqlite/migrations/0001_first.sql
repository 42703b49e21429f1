-- Every table carries its workspace, and every key and reference starts with it: a row of one workspace cannot point
-- into another. Times are milliseconds since the Unix epoch; lists and settings are JSON.

-- One row: rises with every change of any agent, so that another process can notice.
CREATE TABLE agents_revision (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    revision INTEGER NOT NULL
) STRICT;
INSERT INTO agents_revision (only_row, revision) VALUES (1, 0);

-- Every agent key that was ever given out, over the whole installation. Rows stay when agents go.
CREATE TABLE agent_keys (
    agent_key TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    taken_at INTEGER NOT NULL
) STRICT;

CREATE TABLE agents (
    workspace_id TEXT NOT NULL,
    id TEXT NOT NULL UNIQUE,
    agent_key TEXT NOT NULL UNIQUE REFERENCES agent_keys (agent_key),
    name TEXT NOT NULL,
    is_public INTEGER NOT NULL,
    is_default INTEGER NOT NULL,
    dev_mode INTEGER NOT NULL,
    allow_any_origin INTEGER NOT NULL,
    allowed_origins TEXT NOT NULL,
    system_config TEXT NOT NULL,
    config_hash TEXT NOT NULL,
    version_number INTEGER NOT NULL,
    widget TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id)
) STRICT;
CREATE UNIQUE INDEX agents_default ON agents (workspace_id) WHERE is_default = 1;

CREATE TABLE agent_versions (
    workspace_id TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    version_number INTEGER NOT NULL,
    config_hash TEXT NOT NULL,
    system_config TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, agent_id, version_number),
    FOREIGN KEY (workspace_id, agent_id) REFERENCES agents (workspace_id, id) ON DELETE CASCADE
) STRICT;

-- last_seq: the number of the last committed change. reserved_seq: the highest number that was ever handed out.
CREATE TABLE sessions (
    workspace_id TEXT NOT NULL,
    id TEXT NOT NULL UNIQUE,
    agent_id TEXT NOT NULL,
    agent_version INTEGER NOT NULL,
    visitor_id TEXT,
    origin TEXT,
    locale TEXT,
    page_url TEXT,
    page_title TEXT,
    page_referrer TEXT,
    last_seq INTEGER NOT NULL,
    reserved_seq INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    last_activity_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, agent_id) REFERENCES agents (workspace_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX sessions_by_agent ON sessions (workspace_id, agent_id);

CREATE TABLE resume_secrets (
    workspace_id TEXT NOT NULL,
    hash TEXT NOT NULL,
    session_id TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, hash),
    FOREIGN KEY (workspace_id, session_id) REFERENCES sessions (workspace_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX resume_secrets_by_session ON resume_secrets (workspace_id, session_id);

-- position: the order of the conversation, which neither time nor seq can give.
CREATE TABLE messages (
    workspace_id TEXT NOT NULL,
    id TEXT NOT NULL UNIQUE,
    session_id TEXT NOT NULL,
    run_id TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('user', 'assistant')),
    content TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('running', 'completed', 'interrupted', 'stopped', 'error')),
    client_id TEXT,
    seq INTEGER NOT NULL,
    position INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, session_id) REFERENCES sessions (workspace_id, id) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX messages_by_position ON messages (workspace_id, session_id, position);
CREATE UNIQUE INDEX messages_by_client_id ON messages (workspace_id, session_id, client_id) WHERE client_id IS NOT NULL;
CREATE INDEX messages_by_seq ON messages (workspace_id, session_id, seq);

-- ordinal: which turn of its session it is; the latest has the highest.
CREATE TABLE turns (
    workspace_id TEXT NOT NULL,
    run_id TEXT NOT NULL UNIQUE,
    session_id TEXT NOT NULL,
    question_id TEXT NOT NULL,
    answer_id TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('running', 'completed', 'interrupted', 'stopped', 'error')),
    error_code TEXT,
    input_tokens INTEGER,
    output_tokens INTEGER,
    ordinal INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    finished_at INTEGER,
    PRIMARY KEY (workspace_id, run_id),
    FOREIGN KEY (workspace_id, session_id) REFERENCES sessions (workspace_id, id) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX turns_by_ordinal ON turns (workspace_id, session_id, ordinal);
-- The rule itself: one running turn per session.
CREATE UNIQUE INDEX turns_running ON turns (workspace_id, session_id) WHERE status = 'running';

CREATE TABLE documents (
    id INTEGER PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    base TEXT NOT NULL,
    path TEXT NOT NULL,
    title TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    indexed_at INTEGER NOT NULL,
    UNIQUE (workspace_id, agent_id, base, path),
    FOREIGN KEY (workspace_id, agent_id) REFERENCES agents (workspace_id, id) ON DELETE CASCADE
) STRICT;

CREATE TABLE passages (
    id INTEGER PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    document_id INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    title TEXT NOT NULL,
    heading TEXT NOT NULL,
    text TEXT NOT NULL
) STRICT;
CREATE INDEX passages_by_document ON passages (document_id);

-- The words of the passages. agent_id is indexed too, so that a search reads one agent's part only.
CREATE VIRTUAL TABLE passage_words USING fts5 (
    agent_id, title, heading, text,
    content = 'passages', content_rowid = 'id',
    tokenize = 'porter unicode61 remove_diacritics 2'
);
-- Words that are deleted are gone from the file, not only from the answers.
INSERT INTO passage_words (passage_words, rank) VALUES ('secure-delete', 1);

CREATE TRIGGER passages_inserted AFTER INSERT ON passages BEGIN
    INSERT INTO passage_words (rowid, agent_id, title, heading, text)
    VALUES (new.id, new.agent_id, new.title, new.heading, new.text);
END;
CREATE TRIGGER passages_deleted AFTER DELETE ON passages BEGIN
    INSERT INTO passage_words (passage_words, rowid, agent_id, title, heading, text)
    VALUES ('delete', old.id, old.agent_id, old.title, old.heading, old.text);
END;

CREATE TABLE audit_log (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    workspace_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT;
CREATE INDEX audit_log_by_workspace ON audit_log (workspace_id, id);
