-- 监测数: weekly and ten-day figures, entered by a unit's reporter without sign-off; the highest version counts. Nothing
-- that ranks, assesses or adds up reads this table. Append-only, row_sha256 as elsewhere.
CREATE TABLE watched_figure (
  plan_id    TEXT NOT NULL,
  goal_id    TEXT NOT NULL,
  region_id  TEXT NOT NULL,
  as_of      TEXT NOT NULL CHECK (length(as_of) = 10),
  version    BIGINT NOT NULL CHECK (version >= 1),
  value      BIGINT CHECK (abs(value) <= 1000000000000000),
  growth     TEXT,              -- of a goal that is itself a percentage: an exact fraction num/den
  at         BIGINT NOT NULL,
  actor      TEXT NOT NULL,
  account_id BIGINT NOT NULL REFERENCES account (id),
  audit_seq  BIGINT NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, goal_id, region_id, as_of, version)
);
CREATE TRIGGER watched_figure_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON watched_figure EXECUTE FUNCTION refuse_change();

INSERT INTO audit_action (name) VALUES ('watch');
