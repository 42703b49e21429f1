-- What visitors think of answers, what they wrote to it, and when; none where they said nothing or took it back.
ALTER TABLE messages ADD COLUMN rating TEXT CHECK (rating IN ('up', 'down'));
ALTER TABLE messages ADD COLUMN rating_comment TEXT;
ALTER TABLE messages ADD COLUMN rated_at INTEGER;
-- Messages that nobody rated are not in this index, and do not pay for it.
CREATE INDEX messages_rated ON messages (workspace_id, session_id, rating) WHERE rating IS NOT NULL;
