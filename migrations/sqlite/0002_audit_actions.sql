-- no-transaction
-- What the audit trail may record becomes a table, so that later versions add to it without rebuilding the trail.
-- SQLite cannot change a CHECK: the trail is copied row by row into a new table. Running this twice does no harm.
PRAGMA foreign_keys = OFF;
BEGIN IMMEDIATE;

CREATE TABLE IF NOT EXISTS audit_action (
  name TEXT PRIMARY KEY
) STRICT;
INSERT OR IGNORE INTO audit_action (name) VALUES
  ('mark_demo'),
  ('import_plan'),
  ('import_returns'),
  ('publish'),
  ('save_draft'),
  ('submit'),
  ('withdraw'),
  ('sign_off'),
  ('take_back'),
  ('send_back_to_reporter'),
  ('send_back_to_county'),
  ('approve'),
  ('ask_correction'),
  ('allow_correction'),
  ('refuse_correction'),
  ('grant_exception'),
  ('create_account'),
  ('disable_account'),
  ('enable_account'),
  ('unlock_account'),
  ('issue_link'),
  ('set_password'),
  ('set_totp'),
  ('log_in'),
  ('log_in_failed'),
  ('log_out'),
  ('end_sessions'),
  ('create_post'),
  ('appoint'),
  ('set_policy');

DROP TABLE IF EXISTS audit_copy;
CREATE TABLE audit_copy (
  seq           INTEGER PRIMARY KEY CHECK (seq >= 1),
  at            INTEGER NOT NULL,
  actor         TEXT NOT NULL CHECK (length(actor) > 0),
  action        TEXT NOT NULL REFERENCES audit_action (name),
  object        TEXT NOT NULL,
  detail        TEXT NOT NULL,   -- canonical JSON; holds the digest of the rows written with it
  previous_hash TEXT NOT NULL CHECK (length(previous_hash) = 64),
  hash          TEXT NOT NULL CHECK (length(hash) = 64)
) STRICT;
INSERT INTO audit_copy SELECT seq, at, actor, action, object, detail, previous_hash, hash FROM audit ORDER BY seq;
DROP TABLE audit;
ALTER TABLE audit_copy RENAME TO audit;
CREATE INDEX IF NOT EXISTS audit_by_action ON audit (action, seq);

CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE seq = NEW.seq) BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;

COMMIT;
PRAGMA foreign_keys = ON;
