-- no-transaction
-- A plan may ask in several rhythms (monthly, quarterly, yearly): a unit's return is one of a rhythm.
-- '' is the plan's [calendar], and is left out of what row_sha256 is made of: rows of before keep theirs.
-- SQLite cannot change a key: the rows are copied into new tables. Running this twice does no harm.
PRAGMA foreign_keys = OFF;
BEGIN IMMEDIATE;

DROP TABLE IF EXISTS draft_copy;
CREATE TABLE draft_copy (
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
  rhythm     TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (plan_id, rhythm, year, month, unit_id, cell, version)
) STRICT;
INSERT INTO draft_copy (plan_id, year, month, unit_id, cell, version, content, at, actor, account_id, audit_seq, row_sha256) SELECT plan_id, year, month, unit_id, cell, version, content, at, actor, account_id, audit_seq, row_sha256 FROM draft ORDER BY audit_seq;
DROP TABLE draft;
ALTER TABLE draft_copy RENAME TO draft;
CREATE TRIGGER IF NOT EXISTS draft_no_update BEFORE UPDATE ON draft BEGIN SELECT RAISE(ABORT, 'draft is append-only'); END;
CREATE TRIGGER IF NOT EXISTS draft_no_delete BEFORE DELETE ON draft BEGIN SELECT RAISE(ABORT, 'draft is append-only'); END;
CREATE TRIGGER IF NOT EXISTS draft_no_replace BEFORE INSERT ON draft WHEN EXISTS (SELECT 1 FROM draft WHERE plan_id = NEW.plan_id AND rhythm = NEW.rhythm AND year = NEW.year AND month = NEW.month AND unit_id = NEW.unit_id AND cell = NEW.cell AND version = NEW.version) BEGIN SELECT RAISE(ABORT, 'draft is append-only'); END;

DROP TABLE IF EXISTS return_step_copy;
CREATE TABLE return_step_copy (
  plan_id         TEXT NOT NULL,
  year            INTEGER NOT NULL CHECK (year BETWEEN 1900 AND 2999),
  month           INTEGER NOT NULL CHECK (month BETWEEN 1 AND 12),
  unit_id         TEXT NOT NULL,
  version         INTEGER NOT NULL CHECK (version >= 1),
  step            TEXT NOT NULL REFERENCES step_kind (name),
  state           TEXT NOT NULL CHECK (state IN ('draft', 'submitted', 'signed', 'sent_back', 'approved', 'correction_asked')),
  at              INTEGER NOT NULL,
  actor           TEXT NOT NULL,
  account_id      INTEGER NOT NULL REFERENCES account (id),
  reason          TEXT CHECK (step NOT IN ('send_back_to_reporter', 'send_back_to_county', 'ask_correction', 'allow_correction', 'refuse_correction', 'true_up') OR (reason IS NOT NULL AND length(reason) > 0)),
  content         TEXT CHECK (step <> 'submit' OR content IS NOT NULL),   -- canonical JSON
  sha256          TEXT CHECK (step <> 'submit' OR length(sha256) = 64),   -- of the content: printed on the receipt
  idempotency_key TEXT UNIQUE,
  audit_seq       INTEGER NOT NULL REFERENCES audit (seq),
  row_sha256      TEXT NOT NULL CHECK (length(row_sha256) = 64),
  rhythm          TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (plan_id, rhythm, year, month, unit_id, version)
) STRICT;
INSERT INTO return_step_copy (plan_id, year, month, unit_id, version, step, state, at, actor, account_id, reason, content, sha256, idempotency_key, audit_seq, row_sha256) SELECT plan_id, year, month, unit_id, version, step, state, at, actor, account_id, reason, content, sha256, idempotency_key, audit_seq, row_sha256 FROM return_step ORDER BY audit_seq;
DROP TABLE return_step;
ALTER TABLE return_step_copy RENAME TO return_step;
CREATE TRIGGER IF NOT EXISTS return_step_no_update BEFORE UPDATE ON return_step BEGIN SELECT RAISE(ABORT, 'return_step is append-only'); END;
CREATE TRIGGER IF NOT EXISTS return_step_no_delete BEFORE DELETE ON return_step BEGIN SELECT RAISE(ABORT, 'return_step is append-only'); END;
CREATE TRIGGER IF NOT EXISTS return_step_no_replace BEFORE INSERT ON return_step WHEN EXISTS (SELECT 1 FROM return_step WHERE plan_id = NEW.plan_id AND rhythm = NEW.rhythm AND year = NEW.year AND month = NEW.month AND unit_id = NEW.unit_id AND version = NEW.version) BEGIN SELECT RAISE(ABORT, 'return_step is append-only'); END;

DROP TABLE IF EXISTS late_exception_copy;
CREATE TABLE late_exception_copy (
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
  rhythm     TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (plan_id, rhythm, year, month, unit_id, version)
) STRICT;
INSERT INTO late_exception_copy (plan_id, year, month, unit_id, version, until, reason, at, actor, audit_seq, row_sha256) SELECT plan_id, year, month, unit_id, version, until, reason, at, actor, audit_seq, row_sha256 FROM late_exception ORDER BY audit_seq;
DROP TABLE late_exception;
ALTER TABLE late_exception_copy RENAME TO late_exception;
CREATE TRIGGER IF NOT EXISTS late_exception_no_update BEFORE UPDATE ON late_exception BEGIN SELECT RAISE(ABORT, 'late_exception is append-only'); END;
CREATE TRIGGER IF NOT EXISTS late_exception_no_delete BEFORE DELETE ON late_exception BEGIN SELECT RAISE(ABORT, 'late_exception is append-only'); END;
CREATE TRIGGER IF NOT EXISTS late_exception_no_replace BEFORE INSERT ON late_exception WHEN EXISTS (SELECT 1 FROM late_exception WHERE plan_id = NEW.plan_id AND rhythm = NEW.rhythm AND year = NEW.year AND month = NEW.month AND unit_id = NEW.unit_id AND version = NEW.version) BEGIN SELECT RAISE(ABORT, 'late_exception is append-only'); END;

DROP TABLE IF EXISTS review_question_copy;
CREATE TABLE review_question_copy (
  plan_id    TEXT NOT NULL,
  year       INTEGER NOT NULL CHECK (year BETWEEN 1900 AND 2999),
  month      INTEGER NOT NULL CHECK (month BETWEEN 1 AND 12),
  unit_id    TEXT NOT NULL,
  step       INTEGER NOT NULL,  -- the version of the step that sent it back
  goal_id    TEXT NOT NULL,
  region_id  TEXT NOT NULL,
  question   TEXT NOT NULL CHECK (length(question) > 0),
  at         INTEGER NOT NULL,
  actor      TEXT NOT NULL,
  audit_seq  INTEGER NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  rhythm     TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (plan_id, rhythm, year, month, unit_id, step, goal_id, region_id)
) STRICT;
INSERT INTO review_question_copy (plan_id, year, month, unit_id, step, goal_id, region_id, question, at, actor, audit_seq, row_sha256) SELECT plan_id, year, month, unit_id, step, goal_id, region_id, question, at, actor, audit_seq, row_sha256 FROM review_question ORDER BY audit_seq;
DROP TABLE review_question;
ALTER TABLE review_question_copy RENAME TO review_question;
CREATE TRIGGER IF NOT EXISTS review_question_no_update BEFORE UPDATE ON review_question BEGIN SELECT RAISE(ABORT, 'review_question is append-only'); END;
CREATE TRIGGER IF NOT EXISTS review_question_no_delete BEFORE DELETE ON review_question BEGIN SELECT RAISE(ABORT, 'review_question is append-only'); END;
CREATE TRIGGER IF NOT EXISTS review_question_no_replace BEFORE INSERT ON review_question WHEN EXISTS (SELECT 1 FROM review_question WHERE plan_id = NEW.plan_id AND rhythm = NEW.rhythm AND year = NEW.year AND month = NEW.month AND unit_id = NEW.unit_id AND step = NEW.step AND goal_id = NEW.goal_id AND region_id = NEW.region_id) BEGIN SELECT RAISE(ABORT, 'review_question is append-only'); END;

COMMIT;
PRAGMA foreign_keys = ON;
