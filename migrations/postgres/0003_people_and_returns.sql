-- People and their posts, sessions, settings, drafts and the way of each return.
-- Accounts, links, sessions, devices and failed log-ins change in place; their changes are in the audit trail.
-- Everything else here is append-only, and row_sha256 (of all columns before audit_seq as canonical JSON) is in the trail.

CREATE TABLE account (
  id               BIGINT PRIMARY KEY,
  login            TEXT NOT NULL UNIQUE CHECK (length(login) BETWEEN 2 AND 32),  -- lower case; never used again
  name             TEXT NOT NULL CHECK (length(name) > 0),
  phone            TEXT NOT NULL,
  created_at       BIGINT NOT NULL,
  disabled_at      BIGINT,
  unlocked_at      BIGINT NOT NULL,     -- failures before this do not count
  password_hash    TEXT,                 -- argon2id with its parameters; NULL until the first one is set
  password_at      BIGINT,
  totp_secret      TEXT,                 -- sealed with the key file
  totp_used        BIGINT NOT NULL      -- the last time step that was used
);

-- The hashes a new password is compared with.
CREATE TABLE password_history (
  account_id    BIGINT NOT NULL REFERENCES account (id),
  at            BIGINT NOT NULL,
  password_hash TEXT NOT NULL
);

-- One-time links: the first set-up (no account), or an account's new password.
CREATE TABLE link (
  token_sha256 TEXT PRIMARY KEY CHECK (length(token_sha256) = 64),
  account_id   BIGINT REFERENCES account (id),
  expires_at   BIGINT NOT NULL,
  used_at      BIGINT
);

CREATE TABLE session (
  token_sha256 TEXT PRIMARY KEY CHECK (length(token_sha256) = 64),
  account_id   BIGINT NOT NULL REFERENCES account (id),
  created_at   BIGINT NOT NULL,
  seen_at      BIGINT NOT NULL,
  ended_at     BIGINT,
  address      TEXT NOT NULL,
  agent        TEXT NOT NULL
);
CREATE INDEX session_by_account ON session (account_id);

-- Browsers an account has logged in from: failures elsewhere do not lock it there.
CREATE TABLE device (
  token_sha256 TEXT PRIMARY KEY CHECK (length(token_sha256) = 64),
  account_id   BIGINT NOT NULL REFERENCES account (id),
  created_at   BIGINT NOT NULL
);

CREATE TABLE login_failure (
  at            BIGINT NOT NULL,
  account_id    BIGINT REFERENCES account (id),
  device_sha256 TEXT,
  address       TEXT NOT NULL
);
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
  created_at BIGINT NOT NULL,
  audit_seq  BIGINT NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64)
);

-- Who holds a post since when; the highest version holds. Without an account the post is vacant.
CREATE TABLE holding (
  post_id    TEXT NOT NULL REFERENCES post (id),
  version    BIGINT NOT NULL CHECK (version >= 1),
  account_id BIGINT REFERENCES account (id),
  since      BIGINT NOT NULL,
  audit_seq  BIGINT NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (post_id, version)
);

CREATE TABLE setting (
  name       TEXT NOT NULL CHECK (name IN ('password_policy', 'public_reading', 'idle_minutes', 'absolute_hours')),
  version    BIGINT NOT NULL CHECK (version >= 1),
  value      TEXT NOT NULL,
  at         BIGINT NOT NULL,
  set_by     TEXT NOT NULL,
  audit_seq  BIGINT NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (name, version)
);

-- What was typed, as typed, box by box; the highest version counts.
CREATE TABLE draft (
  plan_id    TEXT NOT NULL,
  year       BIGINT NOT NULL CHECK (year BETWEEN 1900 AND 2999),
  month      BIGINT NOT NULL CHECK (month BETWEEN 1 AND 12),
  unit_id    TEXT NOT NULL,
  cell       TEXT NOT NULL,
  version    BIGINT NOT NULL CHECK (version >= 1),
  content    TEXT NOT NULL,
  at         BIGINT NOT NULL,
  actor      TEXT NOT NULL,
  account_id BIGINT REFERENCES account (id),
  audit_seq  BIGINT NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, year, month, unit_id, cell, version)
);

-- The steps of a unit's return of a period; a submission freezes its content.
CREATE TABLE return_step (
  plan_id         TEXT NOT NULL,
  year            BIGINT NOT NULL CHECK (year BETWEEN 1900 AND 2999),
  month           BIGINT NOT NULL CHECK (month BETWEEN 1 AND 12),
  unit_id         TEXT NOT NULL,
  version         BIGINT NOT NULL CHECK (version >= 1),
  step            TEXT NOT NULL CHECK (step IN ('submit', 'withdraw', 'sign_off', 'take_back', 'send_back_to_reporter', 'send_back_to_county', 'approve',
                    'ask_correction', 'allow_correction', 'refuse_correction')),
  state           TEXT NOT NULL CHECK (state IN ('draft', 'submitted', 'signed', 'sent_back', 'approved', 'correction_asked')),
  at              BIGINT NOT NULL,
  actor           TEXT NOT NULL,
  account_id      BIGINT NOT NULL REFERENCES account (id),
  reason          TEXT CHECK (step NOT IN ('send_back_to_reporter', 'send_back_to_county', 'ask_correction', 'allow_correction', 'refuse_correction') OR length(reason) > 0),
  content         TEXT CHECK (step <> 'submit' OR content IS NOT NULL),   -- canonical JSON
  sha256          TEXT CHECK (step <> 'submit' OR length(sha256) = 64),   -- of the content: printed on the receipt
  idempotency_key TEXT UNIQUE,
  audit_seq       BIGINT NOT NULL REFERENCES audit (seq),
  row_sha256      TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, year, month, unit_id, version)
);

-- 补报: a unit may hand in a period after its deadline, until then, by name and reason. The highest version counts.
CREATE TABLE late_exception (
  plan_id    TEXT NOT NULL,
  year       BIGINT NOT NULL CHECK (year BETWEEN 1900 AND 2999),
  month      BIGINT NOT NULL CHECK (month BETWEEN 1 AND 12),
  unit_id    TEXT NOT NULL,
  version    BIGINT NOT NULL CHECK (version >= 1),
  until      BIGINT NOT NULL,
  reason     TEXT NOT NULL CHECK (length(reason) > 0),
  at         BIGINT NOT NULL,
  actor      TEXT NOT NULL,
  audit_seq  BIGINT NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, year, month, unit_id, version)
);

-- Append-only.
CREATE TRIGGER post_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON post EXECUTE FUNCTION refuse_change();
CREATE TRIGGER holding_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON holding EXECUTE FUNCTION refuse_change();
CREATE TRIGGER setting_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON setting EXECUTE FUNCTION refuse_change();
CREATE TRIGGER draft_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON draft EXECUTE FUNCTION refuse_change();
CREATE TRIGGER return_step_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON return_step EXECUTE FUNCTION refuse_change();
CREATE TRIGGER late_exception_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON late_exception EXECUTE FUNCTION refuse_change();
