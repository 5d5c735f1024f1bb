-- 评选: the office's 评选办法 (number 0), nominations with scores by two, withdrawals, objections with their answers; what goes
-- before the public and the final list are publications. Append-only; the steps of a nomination in the order of version.
INSERT INTO publication_kind (name) VALUES ('selection');

CREATE TABLE selection_step (
  plan_id      TEXT NOT NULL,
  selection    TEXT NOT NULL CHECK (length(selection) > 0),
  year         BIGINT NOT NULL CHECK (year BETWEEN 1900 AND 2999),
  number       BIGINT NOT NULL CHECK (number >= 0),
  version      BIGINT NOT NULL CHECK (version >= 1),
  unit_id      TEXT NOT NULL CHECK ((length(unit_id) > 0) = (number > 0)),
  step         TEXT NOT NULL CHECK (step IN ('method', 'nominate', 'withdraw', 'send_back', 'score', 'confirm', 'object', 'answer')),
  content      TEXT NOT NULL CHECK (length(content) > 0),   -- JSON: what was stated, by the names of the form's fields
  at           BIGINT NOT NULL,
  actor        TEXT NOT NULL,
  account_id   BIGINT NOT NULL,   -- 0: the machine's own user, before there are posts
  audit_seq    BIGINT NOT NULL REFERENCES audit (seq),
  row_sha256   TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, selection, year, number, version),
  CHECK ((number = 0) = (step = 'method'))
);

CREATE TRIGGER selection_step_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON selection_step EXECUTE FUNCTION refuse_change();

INSERT INTO audit_action (name) VALUES
  ('state_selection_method'), ('nominate'), ('withdraw_nomination'), ('send_back_nomination'), ('score_nomination'),
  ('confirm_scores'), ('object_to_nomination'), ('answer_nomination_objection'), ('publish_selection');
