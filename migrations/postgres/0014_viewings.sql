-- Who looked at figures of others that may not be published: counted by day, person and address while the day lasts, and
-- then sealed, a row of the audit trail for the rows of each day.
CREATE TABLE viewing_today (
  day        TEXT NOT NULL CHECK (length(day) = 10),
  account_id BIGINT NOT NULL REFERENCES account (id),
  actor      TEXT NOT NULL,              -- the post and its holder of that moment
  path       TEXT NOT NULL,              -- the address without its question
  views      BIGINT NOT NULL CHECK (views >= 1),
  first_at   BIGINT NOT NULL,
  last_at    BIGINT NOT NULL,
  PRIMARY KEY (day, account_id, actor, path)
);

-- Append-only, row_sha256 as elsewhere.
CREATE TABLE viewing (
  day        TEXT NOT NULL CHECK (length(day) = 10),
  account_id BIGINT NOT NULL REFERENCES account (id),
  actor      TEXT NOT NULL,
  path       TEXT NOT NULL,
  views      BIGINT NOT NULL CHECK (views >= 1),
  first_at   BIGINT NOT NULL,
  last_at    BIGINT NOT NULL,
  audit_seq  BIGINT NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (audit_seq, day, account_id, actor, path)
);
CREATE INDEX viewing_by_day ON viewing (day);

CREATE TRIGGER viewing_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON viewing EXECUTE FUNCTION refuse_change();

INSERT INTO audit_action (name) VALUES ('seal_viewings');
