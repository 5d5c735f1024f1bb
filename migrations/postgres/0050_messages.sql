-- 留言: what office and unit say to each other about a return, outside of its steps; a version without words says that the
-- words before it were seen. Append-only, row_sha256 as elsewhere.
CREATE TABLE return_message (
  plan_id    TEXT NOT NULL,
  rhythm     TEXT NOT NULL DEFAULT '',
  year       BIGINT NOT NULL CHECK (year BETWEEN 1900 AND 2999),
  month      BIGINT NOT NULL CHECK (month BETWEEN 1 AND 12),
  unit_id    TEXT NOT NULL,
  version    BIGINT NOT NULL CHECK (version >= 1),
  side       TEXT NOT NULL CHECK (side IN ('office', 'unit')),
  words      TEXT NOT NULL,
  at         BIGINT NOT NULL,
  actor      TEXT NOT NULL,
  account_id BIGINT NOT NULL,
  audit_seq  BIGINT NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, rhythm, year, month, unit_id, version)
);
CREATE TRIGGER return_message_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON return_message EXECUTE FUNCTION refuse_change();

INSERT INTO audit_action (name) VALUES ('write_message'), ('see_message');
