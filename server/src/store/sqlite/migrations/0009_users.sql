-- Users of the console. email_folded: the address without its case, by which it is unique. password_hash: argon2id in
-- the form of the PHC; none until an invited user has chosen a password. created_by: the id of a user, `cli`, `setup`.
CREATE TABLE users (
    workspace_id TEXT NOT NULL,
    id TEXT NOT NULL UNIQUE,
    email TEXT NOT NULL,
    email_folded TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'viewer')),
    state TEXT NOT NULL CHECK (state IN ('active', 'invited', 'disabled')),
    password_hash TEXT,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    last_login_at INTEGER,
    PRIMARY KEY (workspace_id, id)
) STRICT;
CREATE UNIQUE INDEX users_by_email ON users (workspace_id, email_folded);

-- Tokens that are good once. user_id: who chooses a password with it; none where it makes the first owner.
CREATE TABLE user_tokens (
    workspace_id TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    user_id TEXT,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, hash),
    FOREIGN KEY (workspace_id, user_id) REFERENCES users (workspace_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX user_tokens_by_user ON user_tokens (workspace_id, user_id);

CREATE TABLE logins (
    workspace_id TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    user_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, hash),
    FOREIGN KEY (workspace_id, user_id) REFERENCES users (workspace_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX logins_by_user ON logins (workspace_id, user_id, created_at);

-- The audit log is only ever added to.
CREATE TRIGGER audit_log_stays BEFORE UPDATE ON audit_log BEGIN
    SELECT RAISE(ABORT, 'the audit log is append only');
END;
CREATE TRIGGER audit_log_is_kept BEFORE DELETE ON audit_log BEGIN
    SELECT RAISE(ABORT, 'the audit log is append only');
END;
