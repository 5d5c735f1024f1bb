-- The office at work: undoing, truing up, questions, the bureau's figures, readings, receipts, and the year's end.
-- Everything here is append-only, and row_sha256 (of all columns before audit_seq as canonical JSON) is in the trail.

INSERT INTO audit_action (name) VALUES
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
CREATE TABLE step_kind (
  name TEXT PRIMARY KEY
);
INSERT INTO step_kind (name) VALUES
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
ALTER TABLE return_step DROP CONSTRAINT return_step_step_check;
ALTER TABLE return_step ADD CONSTRAINT return_step_known FOREIGN KEY (step) REFERENCES step_kind (name);
ALTER TABLE return_step ADD CONSTRAINT return_step_says_why CHECK (step NOT IN ('send_back_to_reporter', 'send_back_to_county', 'ask_correction', 'allow_correction', 'refuse_correction', 'true_up') OR (reason IS NOT NULL AND length(reason) > 0));

-- What the office asks about one figure when it sends a return back; the county answers in the form.
CREATE TABLE review_question (
  plan_id    TEXT NOT NULL,
  year       BIGINT NOT NULL CHECK (year BETWEEN 1900 AND 2999),
  month      BIGINT NOT NULL CHECK (month BETWEEN 1 AND 12),
  unit_id    TEXT NOT NULL,
  step       BIGINT NOT NULL,  -- the version of the step that sent it back
  goal_id    TEXT NOT NULL,
  region_id  TEXT NOT NULL,
  question   TEXT NOT NULL CHECK (length(question) > 0),
  at         BIGINT NOT NULL,
  actor      TEXT NOT NULL,
  audit_seq  BIGINT NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, year, month, unit_id, step, goal_id, region_id)
);

-- The statistics bureau's figure beside the county's; the highest version counts. It never changes the county's.
CREATE TABLE bureau_figure (
  plan_id    TEXT NOT NULL,
  goal_id    TEXT NOT NULL,
  region_id  TEXT NOT NULL,
  year       BIGINT NOT NULL CHECK (year BETWEEN 1900 AND 2999),
  month      BIGINT NOT NULL CHECK (month BETWEEN 1 AND 12),
  version    BIGINT NOT NULL CHECK (version >= 1),
  value      BIGINT CHECK (abs(value) <= 1000000000000000),
  base       BIGINT CHECK (abs(base) <= 1000000000000000),
  growth     TEXT,              -- published growth as an exact fraction num/den
  source     TEXT NOT NULL CHECK (length(source) > 0),
  dated      TEXT NOT NULL CHECK (length(dated) = 10),
  reason     TEXT CHECK (version = 1 OR (reason IS NOT NULL AND length(reason) > 0)),
  at         BIGINT NOT NULL,
  actor      TEXT NOT NULL,
  account_id BIGINT NOT NULL REFERENCES account (id),
  audit_seq  BIGINT NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, goal_id, region_id, year, month, version)
);

-- Which reading of a rule the office chose. After the year's end a choice is proposed by one person and confirmed by another;
-- in force is the newest that was chosen or confirmed.
CREATE TABLE reading_choice (
  plan_id    TEXT NOT NULL,
  goal_id    TEXT NOT NULL,
  version    BIGINT NOT NULL CHECK (version >= 1),
  step       TEXT NOT NULL CHECK (step IN ('chosen', 'proposed', 'confirmed', 'dropped')),
  reading    TEXT NOT NULL CHECK (reading IN ('rank_then_filter', 'filter_then_rank', 'mixed')),
  completed_when TEXT NOT NULL CHECK (completed_when IN ('value', 'growth', 'both')),
  ties       TEXT NOT NULL CHECK (ties IN ('share_place', 'completion', 'split_points')),
  compare    TEXT NOT NULL CHECK (compare IN ('exact', '0', '1', '2', '3', '4', '5', '6')),
  reason     TEXT NOT NULL CHECK (length(reason) > 0),
  at         BIGINT NOT NULL,
  actor      TEXT NOT NULL,
  account_id BIGINT NOT NULL REFERENCES account (id),
  audit_seq  BIGINT NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, goal_id, version)
);

-- 签收: a post has taken note of an edition.
CREATE TABLE edition_receipt (
  plan_id    TEXT NOT NULL,
  year       BIGINT NOT NULL CHECK (year BETWEEN 1900 AND 2999),
  month      BIGINT NOT NULL CHECK (month BETWEEN 1 AND 12),
  edition    BIGINT NOT NULL CHECK (edition >= 1),
  post_id    TEXT NOT NULL REFERENCES post (id),
  at         BIGINT NOT NULL,
  actor      TEXT NOT NULL,
  account_id BIGINT NOT NULL REFERENCES account (id),
  audit_seq  BIGINT NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, year, month, edition, post_id)
);

-- The year's figures as the unit assesses itself, and beside them as the office verified them; the highest version counts.
CREATE TABLE year_end_figure (
  plan_id    TEXT NOT NULL,
  goal_id    TEXT NOT NULL,
  region_id  TEXT NOT NULL,
  year       BIGINT NOT NULL CHECK (year BETWEEN 1900 AND 2999),
  kind       TEXT NOT NULL CHECK (kind IN ('self', 'verified')),
  version    BIGINT NOT NULL CHECK (version >= 1),
  value      BIGINT CHECK (abs(value) <= 1000000000000000),
  base       BIGINT CHECK (abs(base) <= 1000000000000000),
  growth     TEXT,              -- published growth as an exact fraction num/den
  shares     TEXT NOT NULL,     -- entered parts of a score: canonical JSON, name to exact fraction
  remark     TEXT NOT NULL,
  at         BIGINT NOT NULL,
  actor      TEXT NOT NULL,
  account_id BIGINT NOT NULL REFERENCES account (id),
  audit_seq  BIGINT NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, goal_id, region_id, year, kind, version)
);

-- A unit objects to a figure or an award, within the days the plan allows.
CREATE TABLE objection (
  plan_id    TEXT NOT NULL,
  year       BIGINT NOT NULL CHECK (year BETWEEN 1900 AND 2999),
  month      BIGINT NOT NULL CHECK (month BETWEEN 1 AND 12),
  number     BIGINT NOT NULL CHECK (number >= 1),
  goal_id    TEXT NOT NULL,
  unit_id    TEXT NOT NULL,
  about      TEXT NOT NULL CHECK (about IN ('figure', 'award')),
  reason     TEXT NOT NULL CHECK (length(reason) > 0),
  at         BIGINT NOT NULL,
  actor      TEXT NOT NULL,
  account_id BIGINT NOT NULL REFERENCES account (id),
  audit_seq  BIGINT NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, year, number)
);

-- The office's answer, or the unit took it back; an objection has one.
CREATE TABLE objection_answer (
  plan_id    TEXT NOT NULL,
  year       BIGINT NOT NULL,
  number     BIGINT NOT NULL,
  outcome    TEXT NOT NULL CHECK (outcome IN ('upheld', 'rejected', 'withdrawn')),
  answer     TEXT NOT NULL CHECK (length(answer) > 0),
  at         BIGINT NOT NULL,
  actor      TEXT NOT NULL,
  account_id BIGINT NOT NULL REFERENCES account (id),
  audit_seq  BIGINT NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  FOREIGN KEY (plan_id, year, number) REFERENCES objection (plan_id, year, number),
  PRIMARY KEY (plan_id, year, number)
);

-- The year's assessment, frozen as canonical JSON: proposed by one person, confirmed by another.
CREATE TABLE assessment_closure (
  plan_id    TEXT NOT NULL,
  goal_id    TEXT NOT NULL,
  year       BIGINT NOT NULL CHECK (year BETWEEN 1900 AND 2999),
  version    BIGINT NOT NULL CHECK (version >= 1),
  step       TEXT NOT NULL CHECK (step IN ('proposed', 'confirmed', 'dropped')),
  content    TEXT NOT NULL,
  sha256     TEXT NOT NULL CHECK (length(sha256) = 64),
  at         BIGINT NOT NULL,
  actor      TEXT NOT NULL,
  account_id BIGINT NOT NULL REFERENCES account (id),
  audit_seq  BIGINT NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, goal_id, year, version)
);

-- Append-only.
CREATE TRIGGER review_question_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON review_question EXECUTE FUNCTION refuse_change();
CREATE TRIGGER bureau_figure_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON bureau_figure EXECUTE FUNCTION refuse_change();
CREATE TRIGGER reading_choice_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON reading_choice EXECUTE FUNCTION refuse_change();
CREATE TRIGGER edition_receipt_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON edition_receipt EXECUTE FUNCTION refuse_change();
CREATE TRIGGER year_end_figure_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON year_end_figure EXECUTE FUNCTION refuse_change();
CREATE TRIGGER objection_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON objection EXECUTE FUNCTION refuse_change();
CREATE TRIGGER objection_answer_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON objection_answer EXECUTE FUNCTION refuse_change();
CREATE TRIGGER assessment_closure_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON assessment_closure EXECUTE FUNCTION refuse_change();
