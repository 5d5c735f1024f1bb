-- Rosters: who takes over a seat of a leading group, a task force or an office, that it is vacant, or that the step before
-- is taken back. Append-only, row_sha256 as elsewhere; the steps of a seat in the order of version.
CREATE TABLE body_step (
  plan_id     TEXT NOT NULL,
  body        TEXT NOT NULL,      -- its id in the plan
  seat        TEXT NOT NULL CHECK (length(seat) > 0),   -- what the plan says of it: role, name, title, unit
  version     BIGINT NOT NULL CHECK (version >= 1),
  step        TEXT NOT NULL CHECK (step IN ('take', 'vacate', 'withdraw')),
  name        TEXT CHECK (length(name) > 0),
  title       TEXT CHECK (length(title) > 0),
  since       TEXT,
  words       TEXT NOT NULL CHECK (length(words) > 0),
  at          BIGINT NOT NULL,
  actor       TEXT NOT NULL,
  account_id  BIGINT NOT NULL,   -- 0: the machine's own user, before there are posts
  audit_seq   BIGINT NOT NULL REFERENCES audit (seq),
  row_sha256  TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, body, seat, version),
  CHECK ((name IS NOT NULL OR title IS NOT NULL) = (step = 'take')),
  CHECK ((since IS NULL) = (step = 'withdraw'))
);

CREATE TRIGGER body_step_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON body_step EXECUTE FUNCTION refuse_change();

INSERT INTO audit_action (name) VALUES ('succeed_member'), ('vacate_seat'), ('withdraw_succession');
