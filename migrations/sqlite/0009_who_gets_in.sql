-- no-transaction
-- Log-ins: failures counted by day outside the trail, changes of log-ins that two people make, seeds not yet proved,
-- what a person has been told; the settings there are become a table, so that later versions add to it.
-- SQLite cannot change a CHECK: the settings are copied row by row into a new table. Running this twice does no harm.
PRAGMA foreign_keys = OFF;
BEGIN IMMEDIATE;

INSERT OR IGNORE INTO audit_action (name) VALUES
  ('log_in_failures'),
  ('ask_access'),
  ('confirm_access'),
  ('drop_access'),
  ('emergency_access');

CREATE TABLE IF NOT EXISTS setting_name (
  name TEXT PRIMARY KEY
) STRICT;
INSERT OR IGNORE INTO setting_name (name) VALUES
  ('password_policy'),
  ('public_reading'),
  ('idle_minutes'),
  ('absolute_hours'),
  ('totp_roles');

DROP TABLE IF EXISTS setting_copy;
CREATE TABLE setting_copy (
  name       TEXT NOT NULL REFERENCES setting_name (name),
  version    INTEGER NOT NULL CHECK (version >= 1),
  value      TEXT NOT NULL,
  at         INTEGER NOT NULL,
  set_by     TEXT NOT NULL,
  audit_seq  INTEGER NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (name, version)
) STRICT;
INSERT INTO setting_copy SELECT name, version, value, at, set_by, audit_seq, row_sha256 FROM setting;
DROP TABLE setting;
ALTER TABLE setting_copy RENAME TO setting;
CREATE TRIGGER IF NOT EXISTS setting_no_update BEFORE UPDATE ON setting BEGIN SELECT RAISE(ABORT, 'setting is append-only'); END;
CREATE TRIGGER IF NOT EXISTS setting_no_delete BEFORE DELETE ON setting BEGIN SELECT RAISE(ABORT, 'setting is append-only'); END;
CREATE TRIGGER IF NOT EXISTS setting_no_replace BEFORE INSERT ON setting WHEN EXISTS (SELECT 1 FROM setting WHERE name = NEW.name AND version = NEW.version) BEGIN SELECT RAISE(ABORT, 'setting is append-only'); END;

-- Failed log-ins of a day by account and address, until they are summed into the trail. Names nobody has are account 0.
CREATE TABLE IF NOT EXISTS login_failure_day (
  day        TEXT NOT NULL CHECK (length(day) = 10),  -- 2026-11-27, in China
  account_id INTEGER NOT NULL,
  address    TEXT NOT NULL,
  failures   INTEGER NOT NULL CHECK (failures >= 1),
  last_at    INTEGER NOT NULL,
  PRIMARY KEY (day, account_id, address)
) STRICT;

-- A seed of one-time codes that no code has proved yet, sealed with the key file.
CREATE TABLE IF NOT EXISTS totp_pending (
  account_id INTEGER PRIMARY KEY REFERENCES account (id),
  sealed     TEXT NOT NULL,
  at         INTEGER NOT NULL
) STRICT;

-- Up to which row of the trail a person has been told what became of his log-in.
CREATE TABLE IF NOT EXISTS notice_seen (
  account_id INTEGER PRIMARY KEY REFERENCES account (id),
  seq        INTEGER NOT NULL
) STRICT;

-- Changes of who gets in that one administrator asks for and another confirms; the highest version counts.
CREATE TABLE IF NOT EXISTS access_request (
  id         INTEGER NOT NULL CHECK (id >= 1),
  version    INTEGER NOT NULL CHECK (version >= 1),
  step       TEXT NOT NULL CHECK (step IN ('ask', 'confirm', 'drop')),
  what       TEXT NOT NULL CHECK (what IN ('link', 'forget_totp', 'appoint')),
  account_id INTEGER NOT NULL REFERENCES account (id),
  post_id    TEXT NOT NULL REFERENCES post (id),
  by_account INTEGER REFERENCES account (id),
  actor      TEXT NOT NULL CHECK (length(actor) > 0),
  at         INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  audit_seq  INTEGER NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (id, version)
) STRICT;
CREATE TRIGGER IF NOT EXISTS access_request_no_update BEFORE UPDATE ON access_request BEGIN SELECT RAISE(ABORT, 'access_request is append-only'); END;
CREATE TRIGGER IF NOT EXISTS access_request_no_delete BEFORE DELETE ON access_request BEGIN SELECT RAISE(ABORT, 'access_request is append-only'); END;
CREATE TRIGGER IF NOT EXISTS access_request_no_replace BEFORE INSERT ON access_request WHEN EXISTS (SELECT 1 FROM access_request WHERE id = NEW.id AND version = NEW.version) BEGIN SELECT RAISE(ABORT, 'access_request is append-only'); END;

COMMIT;
PRAGMA foreign_keys = ON;
