-- no-transaction
-- The office at work: undoing, truing up, questions, the bureau's figures, readings, receipts, and the year's end.
-- Everything here is append-only, and row_sha256 (of all columns before audit_seq as canonical JSON) is in the trail.
-- SQLite cannot change a CHECK: the steps are copied row by row into a new table. Running this twice does no harm.
PRAGMA foreign_keys = OFF;
BEGIN IMMEDIATE;

INSERT OR IGNORE INTO audit_action (name) VALUES
  ('undo'),
  ('true_up'),
  ('record_bureau'),
  ('state_total'),
  ('choose_reading'),
  ('propose_reading'),
  ('confirm_reading'),
  ('drop_reading'),
  ('sign_receipt'),
  ('assess_self'),
  ('verify_unit'),
  ('object'),
  ('answer_objection'),
  ('propose_closing'),
  ('confirm_closing'),
  ('drop_closing');

-- The steps there are become a table, so that later versions add to it.
CREATE TABLE IF NOT EXISTS step_kind (
  name TEXT PRIMARY KEY
) STRICT;
INSERT OR IGNORE INTO step_kind (name) VALUES
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
  ('true_up'),
  ('undo');

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
  PRIMARY KEY (plan_id, year, month, unit_id, version)
) STRICT;
INSERT INTO return_step_copy (plan_id, year, month, unit_id, version, step, state, at, actor, account_id, reason, content, sha256, idempotency_key, audit_seq, row_sha256) SELECT plan_id, year, month, unit_id, version, step, state, at, actor, account_id, reason, content, sha256, idempotency_key, audit_seq, row_sha256 FROM return_step ORDER BY audit_seq;
DROP TABLE return_step;
ALTER TABLE return_step_copy RENAME TO return_step;
CREATE TRIGGER IF NOT EXISTS return_step_no_update BEFORE UPDATE ON return_step BEGIN SELECT RAISE(ABORT, 'return_step is append-only'); END;
CREATE TRIGGER IF NOT EXISTS return_step_no_delete BEFORE DELETE ON return_step BEGIN SELECT RAISE(ABORT, 'return_step is append-only'); END;
CREATE TRIGGER IF NOT EXISTS return_step_no_replace BEFORE INSERT ON return_step WHEN EXISTS (SELECT 1 FROM return_step WHERE plan_id = NEW.plan_id AND year = NEW.year AND month = NEW.month AND unit_id = NEW.unit_id AND version = NEW.version) BEGIN SELECT RAISE(ABORT, 'return_step is append-only'); END;

-- What the office asks about one figure when it sends a return back; the county answers in the form.
CREATE TABLE IF NOT EXISTS review_question (
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
  PRIMARY KEY (plan_id, year, month, unit_id, step, goal_id, region_id)
) STRICT;

-- The statistics bureau's figure beside the county's; the highest version counts. It never changes the county's.
CREATE TABLE IF NOT EXISTS bureau_figure (
  plan_id    TEXT NOT NULL,
  goal_id    TEXT NOT NULL,
  region_id  TEXT NOT NULL,
  year       INTEGER NOT NULL CHECK (year BETWEEN 1900 AND 2999),
  month      INTEGER NOT NULL CHECK (month BETWEEN 1 AND 12),
  version    INTEGER NOT NULL CHECK (version >= 1),
  value      INTEGER CHECK (abs(value) <= 1000000000000000),
  base       INTEGER CHECK (abs(base) <= 1000000000000000),
  growth     TEXT,              -- published growth as an exact fraction num/den
  source     TEXT NOT NULL CHECK (length(source) > 0),
  dated      TEXT NOT NULL CHECK (length(dated) = 10),
  reason     TEXT CHECK (version = 1 OR (reason IS NOT NULL AND length(reason) > 0)),
  at         INTEGER NOT NULL,
  actor      TEXT NOT NULL,
  account_id INTEGER NOT NULL REFERENCES account (id),
  audit_seq  INTEGER NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, goal_id, region_id, year, month, version)
) STRICT;

-- Which reading of a rule the office chose. After the year's end a choice is proposed by one person and confirmed by another;
-- in force is the newest that was chosen or confirmed.
CREATE TABLE IF NOT EXISTS reading_choice (
  plan_id    TEXT NOT NULL,
  goal_id    TEXT NOT NULL,
  version    INTEGER NOT NULL CHECK (version >= 1),
  step       TEXT NOT NULL CHECK (step IN ('chosen', 'proposed', 'confirmed', 'dropped')),
  reading    TEXT NOT NULL CHECK (reading IN ('rank_then_filter', 'filter_then_rank', 'mixed')),
  completed_when TEXT NOT NULL CHECK (completed_when IN ('value', 'growth', 'both')),
  ties       TEXT NOT NULL CHECK (ties IN ('share_place', 'completion', 'split_points')),
  compare    TEXT NOT NULL CHECK (compare IN ('exact', '0', '1', '2', '3', '4', '5', '6')),
  reason     TEXT NOT NULL CHECK (length(reason) > 0),
  at         INTEGER NOT NULL,
  actor      TEXT NOT NULL,
  account_id INTEGER NOT NULL REFERENCES account (id),
  audit_seq  INTEGER NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, goal_id, version)
) STRICT;

-- 签收: a post has taken note of an edition.
CREATE TABLE IF NOT EXISTS edition_receipt (
  plan_id    TEXT NOT NULL,
  year       INTEGER NOT NULL CHECK (year BETWEEN 1900 AND 2999),
  month      INTEGER NOT NULL CHECK (month BETWEEN 1 AND 12),
  edition    INTEGER NOT NULL CHECK (edition >= 1),
  post_id    TEXT NOT NULL REFERENCES post (id),
  at         INTEGER NOT NULL,
  actor      TEXT NOT NULL,
  account_id INTEGER NOT NULL REFERENCES account (id),
  audit_seq  INTEGER NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, year, month, edition, post_id)
) STRICT;

-- The year's figures as the unit assesses itself, and beside them as the office verified them; the highest version counts.
CREATE TABLE IF NOT EXISTS year_end_figure (
  plan_id    TEXT NOT NULL,
  goal_id    TEXT NOT NULL,
  region_id  TEXT NOT NULL,
  year       INTEGER NOT NULL CHECK (year BETWEEN 1900 AND 2999),
  kind       TEXT NOT NULL CHECK (kind IN ('self', 'verified')),
  version    INTEGER NOT NULL CHECK (version >= 1),
  value      INTEGER CHECK (abs(value) <= 1000000000000000),
  base       INTEGER CHECK (abs(base) <= 1000000000000000),
  growth     TEXT,              -- published growth as an exact fraction num/den
  shares     TEXT NOT NULL,     -- entered parts of a score: canonical JSON, name to exact fraction
  remark     TEXT NOT NULL,
  at         INTEGER NOT NULL,
  actor      TEXT NOT NULL,
  account_id INTEGER NOT NULL REFERENCES account (id),
  audit_seq  INTEGER NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, goal_id, region_id, year, kind, version)
) STRICT;

-- A unit objects to a figure or an award, within the days the plan allows.
CREATE TABLE IF NOT EXISTS objection (
  plan_id    TEXT NOT NULL,
  year       INTEGER NOT NULL CHECK (year BETWEEN 1900 AND 2999),
  month      INTEGER NOT NULL CHECK (month BETWEEN 1 AND 12),
  number     INTEGER NOT NULL CHECK (number >= 1),
  goal_id    TEXT NOT NULL,
  unit_id    TEXT NOT NULL,
  about      TEXT NOT NULL CHECK (about IN ('figure', 'award')),
  reason     TEXT NOT NULL CHECK (length(reason) > 0),
  at         INTEGER NOT NULL,
  actor      TEXT NOT NULL,
  account_id INTEGER NOT NULL REFERENCES account (id),
  audit_seq  INTEGER NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, year, number)
) STRICT;

-- The office's answer, or the unit took it back; an objection has one.
CREATE TABLE IF NOT EXISTS objection_answer (
  plan_id    TEXT NOT NULL,
  year       INTEGER NOT NULL,
  number     INTEGER NOT NULL,
  outcome    TEXT NOT NULL CHECK (outcome IN ('upheld', 'rejected', 'withdrawn')),
  answer     TEXT NOT NULL CHECK (length(answer) > 0),
  at         INTEGER NOT NULL,
  actor      TEXT NOT NULL,
  account_id INTEGER NOT NULL REFERENCES account (id),
  audit_seq  INTEGER NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  FOREIGN KEY (plan_id, year, number) REFERENCES objection (plan_id, year, number),
  PRIMARY KEY (plan_id, year, number)
) STRICT;

-- The year's assessment, frozen as canonical JSON: proposed by one person, confirmed by another.
CREATE TABLE IF NOT EXISTS assessment_closure (
  plan_id    TEXT NOT NULL,
  goal_id    TEXT NOT NULL,
  year       INTEGER NOT NULL CHECK (year BETWEEN 1900 AND 2999),
  version    INTEGER NOT NULL CHECK (version >= 1),
  step       TEXT NOT NULL CHECK (step IN ('proposed', 'confirmed', 'dropped')),
  content    TEXT NOT NULL,
  sha256     TEXT NOT NULL CHECK (length(sha256) = 64),
  at         INTEGER NOT NULL,
  actor      TEXT NOT NULL,
  account_id INTEGER NOT NULL REFERENCES account (id),
  audit_seq  INTEGER NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, goal_id, year, version)
) STRICT;

-- Append-only; an existing key is refused before INSERT OR REPLACE could delete it.
CREATE TRIGGER IF NOT EXISTS review_question_no_update BEFORE UPDATE ON review_question BEGIN SELECT RAISE(ABORT, 'review_question is append-only'); END;
CREATE TRIGGER IF NOT EXISTS review_question_no_delete BEFORE DELETE ON review_question BEGIN SELECT RAISE(ABORT, 'review_question is append-only'); END;
CREATE TRIGGER IF NOT EXISTS review_question_no_replace BEFORE INSERT ON review_question WHEN EXISTS (SELECT 1 FROM review_question WHERE plan_id = NEW.plan_id AND year = NEW.year AND month = NEW.month AND unit_id = NEW.unit_id AND step = NEW.step AND goal_id = NEW.goal_id AND region_id = NEW.region_id) BEGIN SELECT RAISE(ABORT, 'review_question is append-only'); END;
CREATE TRIGGER IF NOT EXISTS bureau_figure_no_update BEFORE UPDATE ON bureau_figure BEGIN SELECT RAISE(ABORT, 'bureau_figure is append-only'); END;
CREATE TRIGGER IF NOT EXISTS bureau_figure_no_delete BEFORE DELETE ON bureau_figure BEGIN SELECT RAISE(ABORT, 'bureau_figure is append-only'); END;
CREATE TRIGGER IF NOT EXISTS bureau_figure_no_replace BEFORE INSERT ON bureau_figure WHEN EXISTS (SELECT 1 FROM bureau_figure WHERE plan_id = NEW.plan_id AND goal_id = NEW.goal_id AND region_id = NEW.region_id AND year = NEW.year AND month = NEW.month AND version = NEW.version) BEGIN SELECT RAISE(ABORT, 'bureau_figure is append-only'); END;
CREATE TRIGGER IF NOT EXISTS reading_choice_no_update BEFORE UPDATE ON reading_choice BEGIN SELECT RAISE(ABORT, 'reading_choice is append-only'); END;
CREATE TRIGGER IF NOT EXISTS reading_choice_no_delete BEFORE DELETE ON reading_choice BEGIN SELECT RAISE(ABORT, 'reading_choice is append-only'); END;
CREATE TRIGGER IF NOT EXISTS reading_choice_no_replace BEFORE INSERT ON reading_choice WHEN EXISTS (SELECT 1 FROM reading_choice WHERE plan_id = NEW.plan_id AND goal_id = NEW.goal_id AND version = NEW.version) BEGIN SELECT RAISE(ABORT, 'reading_choice is append-only'); END;
CREATE TRIGGER IF NOT EXISTS edition_receipt_no_update BEFORE UPDATE ON edition_receipt BEGIN SELECT RAISE(ABORT, 'edition_receipt is append-only'); END;
CREATE TRIGGER IF NOT EXISTS edition_receipt_no_delete BEFORE DELETE ON edition_receipt BEGIN SELECT RAISE(ABORT, 'edition_receipt is append-only'); END;
CREATE TRIGGER IF NOT EXISTS edition_receipt_no_replace BEFORE INSERT ON edition_receipt WHEN EXISTS (SELECT 1 FROM edition_receipt WHERE plan_id = NEW.plan_id AND year = NEW.year AND month = NEW.month AND edition = NEW.edition AND post_id = NEW.post_id) BEGIN SELECT RAISE(ABORT, 'edition_receipt is append-only'); END;
CREATE TRIGGER IF NOT EXISTS year_end_figure_no_update BEFORE UPDATE ON year_end_figure BEGIN SELECT RAISE(ABORT, 'year_end_figure is append-only'); END;
CREATE TRIGGER IF NOT EXISTS year_end_figure_no_delete BEFORE DELETE ON year_end_figure BEGIN SELECT RAISE(ABORT, 'year_end_figure is append-only'); END;
CREATE TRIGGER IF NOT EXISTS year_end_figure_no_replace BEFORE INSERT ON year_end_figure WHEN EXISTS (SELECT 1 FROM year_end_figure WHERE plan_id = NEW.plan_id AND goal_id = NEW.goal_id AND region_id = NEW.region_id AND year = NEW.year AND kind = NEW.kind AND version = NEW.version) BEGIN SELECT RAISE(ABORT, 'year_end_figure is append-only'); END;
CREATE TRIGGER IF NOT EXISTS objection_no_update BEFORE UPDATE ON objection BEGIN SELECT RAISE(ABORT, 'objection is append-only'); END;
CREATE TRIGGER IF NOT EXISTS objection_no_delete BEFORE DELETE ON objection BEGIN SELECT RAISE(ABORT, 'objection is append-only'); END;
CREATE TRIGGER IF NOT EXISTS objection_no_replace BEFORE INSERT ON objection WHEN EXISTS (SELECT 1 FROM objection WHERE plan_id = NEW.plan_id AND year = NEW.year AND number = NEW.number) BEGIN SELECT RAISE(ABORT, 'objection is append-only'); END;
CREATE TRIGGER IF NOT EXISTS objection_answer_no_update BEFORE UPDATE ON objection_answer BEGIN SELECT RAISE(ABORT, 'objection_answer is append-only'); END;
CREATE TRIGGER IF NOT EXISTS objection_answer_no_delete BEFORE DELETE ON objection_answer BEGIN SELECT RAISE(ABORT, 'objection_answer is append-only'); END;
CREATE TRIGGER IF NOT EXISTS objection_answer_no_replace BEFORE INSERT ON objection_answer WHEN EXISTS (SELECT 1 FROM objection_answer WHERE plan_id = NEW.plan_id AND year = NEW.year AND number = NEW.number) BEGIN SELECT RAISE(ABORT, 'objection_answer is append-only'); END;
CREATE TRIGGER IF NOT EXISTS assessment_closure_no_update BEFORE UPDATE ON assessment_closure BEGIN SELECT RAISE(ABORT, 'assessment_closure is append-only'); END;
CREATE TRIGGER IF NOT EXISTS assessment_closure_no_delete BEFORE DELETE ON assessment_closure BEGIN SELECT RAISE(ABORT, 'assessment_closure is append-only'); END;
CREATE TRIGGER IF NOT EXISTS assessment_closure_no_replace BEFORE INSERT ON assessment_closure WHEN EXISTS (SELECT 1 FROM assessment_closure WHERE plan_id = NEW.plan_id AND goal_id = NEW.goal_id AND year = NEW.year AND version = NEW.version) BEGIN SELECT RAISE(ABORT, 'assessment_closure is append-only'); END;

COMMIT;
PRAGMA foreign_keys = ON;
