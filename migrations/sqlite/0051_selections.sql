-- 评选: the office's 评选办法 (number 0), nominations with scores by two, withdrawals, objections with their answers; what goes
-- before the public and the final list are publications. Append-only; the steps of a nomination in the order of version.
INSERT INTO publication_kind (name) VALUES ('selection');

CREATE TABLE selection_step (
  plan_id      TEXT NOT NULL,
  selection    TEXT NOT NULL CHECK (length(selection) > 0),
  year         INTEGER NOT NULL CHECK (year BETWEEN 1900 AND 2999),
  number       INTEGER NOT NULL CHECK (number >= 0),
  version      INTEGER NOT NULL CHECK (version >= 1),
  unit_id      TEXT NOT NULL CHECK ((length(unit_id) > 0) = (number > 0)),
  step         TEXT NOT NULL CHECK (step IN ('method', 'nominate', 'withdraw', 'send_back', 'score', 'confirm', 'object', 'answer')),
  content      TEXT NOT NULL CHECK (length(content) > 0),   -- JSON: what was stated, by the names of the form's fields
  at           INTEGER NOT NULL,
  actor        TEXT NOT NULL,
  account_id   INTEGER NOT NULL,   -- 0: the machine's own user, before there are posts
  audit_seq    INTEGER NOT NULL REFERENCES audit (seq),
  row_sha256   TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, selection, year, number, version),
  CHECK ((number = 0) = (step = 'method'))
) STRICT;

CREATE TRIGGER selection_step_no_update BEFORE UPDATE ON selection_step BEGIN SELECT RAISE(ABORT, 'selection_step is append-only'); END;
CREATE TRIGGER selection_step_no_delete BEFORE DELETE ON selection_step BEGIN SELECT RAISE(ABORT, 'selection_step is append-only'); END;
CREATE TRIGGER selection_step_no_replace BEFORE INSERT ON selection_step WHEN EXISTS (SELECT 1 FROM selection_step WHERE plan_id = NEW.plan_id AND selection = NEW.selection AND year = NEW.year AND number = NEW.number AND version = NEW.version) BEGIN SELECT RAISE(ABORT, 'selection_step is append-only'); END;

INSERT INTO audit_action (name) VALUES
  ('state_selection_method'), ('nominate'), ('withdraw_nomination'), ('send_back_nomination'), ('score_nomination'),
  ('confirm_scores'), ('object_to_nomination'), ('answer_nomination_objection'), ('publish_selection');
