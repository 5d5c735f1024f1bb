-- What became of dated tasks, and which of the units' sentences the office put into a bulletin. Append-only, row_sha256
-- as elsewhere.

-- A unit's part in a task: reported done, withdrawn, confirmed, sent back, extended; the steps in the order of version.
CREATE TABLE task_step (
  plan_id    TEXT NOT NULL,
  task_id    TEXT NOT NULL,
  unit_id    TEXT NOT NULL,
  version    BIGINT NOT NULL CHECK (version >= 1),
  step       TEXT NOT NULL CHECK (step IN ('report', 'withdraw', 'confirm', 'send_back', 'extend')),
  day        TEXT CHECK ((day IS NOT NULL) = (step IN ('report', 'extend'))),   -- done on; extended to
  words      TEXT NOT NULL CHECK (length(words) > 0 OR step IN ('withdraw', 'confirm')),
  proof      TEXT NOT NULL CHECK (length(proof) > 0 OR step <> 'report'),   -- where what shows it is kept
  at         BIGINT NOT NULL,
  actor      TEXT NOT NULL,
  account_id BIGINT NOT NULL,   -- 0: the machine's own user, before there are posts
  audit_seq  BIGINT NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, task_id, unit_id, version)
);

-- A passage of a unit's text that the office picked for the bulletin of a period; the highest version of a number counts.
CREATE TABLE text_pick (
  plan_id    TEXT NOT NULL,
  year       BIGINT NOT NULL CHECK (year BETWEEN 1900 AND 2999),
  month      BIGINT NOT NULL CHECK (month BETWEEN 1 AND 12),
  number     BIGINT NOT NULL CHECK (number >= 1),
  version    BIGINT NOT NULL CHECK (version >= 1),
  unit_id    TEXT NOT NULL,
  goal_id    TEXT NOT NULL,   -- '': the return as a whole
  topic      TEXT NOT NULL CHECK (length(topic) > 0),
  source     TEXT NOT NULL CHECK (length(source) > 0),   -- the unit's sentences as it handed them in
  words      TEXT NOT NULL,   -- as they stand in the bulletin; '': taken out again
  at         BIGINT NOT NULL,
  actor      TEXT NOT NULL,
  account_id BIGINT NOT NULL,
  audit_seq  BIGINT NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, year, month, number, version)
);

CREATE TRIGGER task_step_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON task_step EXECUTE FUNCTION refuse_change();
CREATE TRIGGER text_pick_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON text_pick EXECUTE FUNCTION refuse_change();

INSERT INTO audit_action (name) VALUES
  ('report_task'), ('withdraw_task'), ('confirm_task'), ('send_back_task'), ('extend_task'), ('pick_text'), ('drop_text');
