-- People and their posts, sessions, settings, drafts and the way of each return.
-- Accounts, links, sessions, devices and failed log-ins change in place; their changes are in the audit trail.
-- Everything else here is append-only, and row_sha256 (of all columns before audit_seq as canonical JSON) is in the trail.

CREATE TABLE account (
  id               INTEGER PRIMARY KEY,
  login            TEXT NOT NULL UNIQUE CHECK (length(login) BETWEEN 2 AND 32),  -- lower case; never used again
  name             TEXT NOT NULL CHECK (length(name) > 0),
  phone            TEXT NOT NULL,
  created_at       INTEGER NOT NULL,
  disabled_at      INTEGER,
  unlocked_at      INTEGER NOT NULL,     -- failures before this do not count
  password_hash    TEXT,                 -- argon2id with its parameters; NULL until the first one is set
  password_at      INTEGER,
  totp_secret      TEXT,                 -- sealed with the key file
  totp_used        INTEGER NOT NULL      -- the last time step that was used
) STRICT;

-- The hashes a new password is compared with.
CREATE TABLE password_history (
  account_id    INTEGER NOT NULL REFERENCES account (id),
  at            INTEGER NOT NULL,
  password_hash TEXT NOT NULL
) STRICT;

-- One-time links: the first set-up (no account), or an account's new password.
CREATE TABLE link (
  token_sha256 TEXT PRIMARY KEY CHECK (length(token_sha256) = 64),
  account_id   INTEGER REFERENCES account (id),
  expires_at   INTEGER NOT NULL,
  used_at      INTEGER
) STRICT;

CREATE TABLE session (
  token_sha256 TEXT PRIMARY KEY CHECK (length(token_sha256) = 64),
  account_id   INTEGER NOT NULL REFERENCES account (id),
  created_at   INTEGER NOT NULL,
  seen_at      INTEGER NOT NULL,
  ended_at     INTEGER,
  address      TEXT NOT NULL,
  agent        TEXT NOT NULL
) STRICT;
CREATE INDEX session_by_account ON session (account_id);

-- Browsers an account has logged in from: failures elsewhere do not lock it there.
CREATE TABLE device (
  token_sha256 TEXT PRIMARY KEY CHECK (length(token_sha256) = 64),
  account_id   INTEGER NOT NULL REFERENCES account (id),
  created_at   INTEGER NOT NULL
) STRICT;

CREATE TABLE login_failure (
  at            INTEGER NOT NULL,
  account_id    INTEGER REFERENCES account (id),
  device_sha256 TEXT,
  address       TEXT NOT NULL
) STRICT;
CREATE INDEX login_failure_by_account ON login_failure (account_id, at);
CREATE INDEX login_failure_by_address ON login_failure (address, at);
CREATE INDEX login_failure_by_time ON login_failure (at);

-- 岗位: rights belong to these. `office` is the region whose target is split, `unit` the county of a county's post.
CREATE TABLE post (
  id         TEXT PRIMARY KEY CHECK (length(id) > 0),
  role       TEXT NOT NULL CHECK (role IN ('county_reporter', 'county_approver', 'city_reviewer', 'publisher', 'leader', 'system_admin', 'security_admin', 'audit_admin')),
  office     TEXT,
  unit       TEXT CHECK (unit IS NULL OR office IS NOT NULL),
  title      TEXT NOT NULL CHECK (length(title) > 0),
  created_at INTEGER NOT NULL,
  audit_seq  INTEGER NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64)
) STRICT;

-- Who holds a post since when; the highest version holds. Without an account the post is vacant.
CREATE TABLE holding (
  post_id    TEXT NOT NULL REFERENCES post (id),
  version    INTEGER NOT NULL CHECK (version >= 1),
  account_id INTEGER REFERENCES account (id),
  since      INTEGER NOT NULL,
  audit_seq  INTEGER NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (post_id, version)
) STRICT;

CREATE TABLE setting (
  name       TEXT NOT NULL CHECK (name IN ('password_policy', 'public_reading', 'idle_minutes', 'absolute_hours')),
  version    INTEGER NOT NULL CHECK (version >= 1),
  value      TEXT NOT NULL,
  at         INTEGER NOT NULL,
  set_by     TEXT NOT NULL,
  audit_seq  INTEGER NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (name, version)
) STRICT;

-- What was typed, as typed, box by box; the highest version counts.
CREATE TABLE draft (
  plan_id    TEXT NOT NULL,
  year       INTEGER NOT NULL CHECK (year BETWEEN 1900 AND 2999),
  month      INTEGER NOT NULL CHECK (month BETWEEN 1 AND 12),
  unit_id    TEXT NOT NULL,
  cell       TEXT NOT NULL,
  version    INTEGER NOT NULL CHECK (version >= 1),
  content    TEXT NOT NULL,
  at         INTEGER NOT NULL,
  actor      TEXT NOT NULL,
  account_id INTEGER REFERENCES account (id),
  audit_seq  INTEGER NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, year, month, unit_id, cell, version)
) STRICT;

-- The steps of a unit's return of a period; a submission freezes its content.
CREATE TABLE return_step (
  plan_id         TEXT NOT NULL,
  year            INTEGER NOT NULL CHECK (year BETWEEN 1900 AND 2999),
  month           INTEGER NOT NULL CHECK (month BETWEEN 1 AND 12),
  unit_id         TEXT NOT NULL,
  version         INTEGER NOT NULL CHECK (version >= 1),
  step            TEXT NOT NULL CHECK (step IN ('submit', 'withdraw', 'sign_off', 'take_back', 'send_back_to_reporter', 'send_back_to_county', 'approve',
                    'ask_correction', 'allow_correction', 'refuse_correction')),
  state           TEXT NOT NULL CHECK (state IN ('draft', 'submitted', 'signed', 'sent_back', 'approved', 'correction_asked')),
  at              INTEGER NOT NULL,
  actor           TEXT NOT NULL,
  account_id      INTEGER NOT NULL REFERENCES account (id),
  reason          TEXT CHECK (step NOT IN ('send_back_to_reporter', 'send_back_to_county', 'ask_correction', 'allow_correction', 'refuse_correction') OR length(reason) > 0),
  content         TEXT CHECK (step <> 'submit' OR content IS NOT NULL),   -- canonical JSON
  sha256          TEXT CHECK (step <> 'submit' OR length(sha256) = 64),   -- of the content: printed on the receipt
  idempotency_key TEXT UNIQUE,
  audit_seq       INTEGER NOT NULL REFERENCES audit (seq),
  row_sha256      TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, year, month, unit_id, version)
) STRICT;

-- 补报: a unit may hand in a period after its deadline, until then, by name and reason. The highest version counts.
CREATE TABLE late_exception (
  plan_id    TEXT NOT NULL,
  year       INTEGER NOT NULL CHECK (year BETWEEN 1900 AND 2999),
  month      INTEGER NOT NULL CHECK (month BETWEEN 1 AND 12),
  unit_id    TEXT NOT NULL,
  version    INTEGER NOT NULL CHECK (version >= 1),
  until      INTEGER NOT NULL,
  reason     TEXT NOT NULL CHECK (length(reason) > 0),
  at         INTEGER NOT NULL,
  actor      TEXT NOT NULL,
  audit_seq  INTEGER NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, year, month, unit_id, version)
) STRICT;

-- Append-only; an existing key is refused before INSERT OR REPLACE could delete it.
CREATE TRIGGER post_no_update BEFORE UPDATE ON post BEGIN SELECT RAISE(ABORT, 'post is append-only'); END;
CREATE TRIGGER post_no_delete BEFORE DELETE ON post BEGIN SELECT RAISE(ABORT, 'post is append-only'); END;
CREATE TRIGGER post_no_replace BEFORE INSERT ON post WHEN EXISTS (SELECT 1 FROM post WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'post is append-only'); END;
CREATE TRIGGER holding_no_update BEFORE UPDATE ON holding BEGIN SELECT RAISE(ABORT, 'holding is append-only'); END;
CREATE TRIGGER holding_no_delete BEFORE DELETE ON holding BEGIN SELECT RAISE(ABORT, 'holding is append-only'); END;
CREATE TRIGGER holding_no_replace BEFORE INSERT ON holding WHEN EXISTS (SELECT 1 FROM holding WHERE post_id = NEW.post_id AND version = NEW.version) BEGIN SELECT RAISE(ABORT, 'holding is append-only'); END;
CREATE TRIGGER setting_no_update BEFORE UPDATE ON setting BEGIN SELECT RAISE(ABORT, 'setting is append-only'); END;
CREATE TRIGGER setting_no_delete BEFORE DELETE ON setting BEGIN SELECT RAISE(ABORT, 'setting is append-only'); END;
CREATE TRIGGER setting_no_replace BEFORE INSERT ON setting WHEN EXISTS (SELECT 1 FROM setting WHERE name = NEW.name AND version = NEW.version) BEGIN SELECT RAISE(ABORT, 'setting is append-only'); END;
CREATE TRIGGER draft_no_update BEFORE UPDATE ON draft BEGIN SELECT RAISE(ABORT, 'draft is append-only'); END;
CREATE TRIGGER draft_no_delete BEFORE DELETE ON draft BEGIN SELECT RAISE(ABORT, 'draft is append-only'); END;
CREATE TRIGGER draft_no_replace BEFORE INSERT ON draft WHEN EXISTS (SELECT 1 FROM draft WHERE plan_id = NEW.plan_id AND year = NEW.year AND month = NEW.month AND unit_id = NEW.unit_id AND cell = NEW.cell AND version = NEW.version) BEGIN SELECT RAISE(ABORT, 'draft is append-only'); END;
CREATE TRIGGER return_step_no_update BEFORE UPDATE ON return_step BEGIN SELECT RAISE(ABORT, 'return_step is append-only'); END;
CREATE TRIGGER return_step_no_delete BEFORE DELETE ON return_step BEGIN SELECT RAISE(ABORT, 'return_step is append-only'); END;
CREATE TRIGGER return_step_no_replace BEFORE INSERT ON return_step WHEN EXISTS (SELECT 1 FROM return_step WHERE plan_id = NEW.plan_id AND year = NEW.year AND month = NEW.month AND unit_id = NEW.unit_id AND version = NEW.version) BEGIN SELECT RAISE(ABORT, 'return_step is append-only'); END;
CREATE TRIGGER late_exception_no_update BEFORE UPDATE ON late_exception BEGIN SELECT RAISE(ABORT, 'late_exception is append-only'); END;
CREATE TRIGGER late_exception_no_delete BEFORE DELETE ON late_exception BEGIN SELECT RAISE(ABORT, 'late_exception is append-only'); END;
CREATE TRIGGER late_exception_no_replace BEFORE INSERT ON late_exception WHEN EXISTS (SELECT 1 FROM late_exception WHERE plan_id = NEW.plan_id AND year = NEW.year AND month = NEW.month AND unit_id = NEW.unit_id AND version = NEW.version) BEGIN SELECT RAISE(ABORT, 'late_exception is append-only'); END;
