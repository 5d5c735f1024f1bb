-- What is published besides the plan's bulletin: comparisons of a quarter and results of a year that were closed, each
-- frozen as canonical JSON with its SHA-256 and numbered by edition; who signed for them; and which average judges a
-- goal. Append-only, row_sha256 as elsewhere.
CREATE TABLE publication_kind (
  name TEXT PRIMARY KEY
);
INSERT INTO publication_kind (name) VALUES ('comparison'), ('result');

CREATE TABLE publication (
  plan_id    TEXT NOT NULL,
  kind       TEXT NOT NULL REFERENCES publication_kind (name),
  subject    TEXT NOT NULL,          -- of a comparison its id, of a result the goal
  year       BIGINT NOT NULL,
  month      BIGINT NOT NULL CHECK (month BETWEEN 1 AND 12),
  edition    BIGINT NOT NULL CHECK (edition >= 1),
  office     TEXT NOT NULL,
  content    TEXT NOT NULL,          -- canonical JSON
  sha256     TEXT NOT NULL CHECK (length(sha256) = 64),
  reason     TEXT CHECK (edition = 1 OR reason IS NOT NULL),
  public_key TEXT,
  at         BIGINT NOT NULL,
  actor      TEXT NOT NULL,
  account_id BIGINT NOT NULL,
  audit_seq  BIGINT NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, kind, subject, year, month, edition)
);
CREATE TRIGGER publication_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON publication EXECUTE FUNCTION refuse_change();

CREATE TABLE publication_receipt (
  plan_id    TEXT NOT NULL,
  kind       TEXT NOT NULL REFERENCES publication_kind (name),
  subject    TEXT NOT NULL,
  year       BIGINT NOT NULL,
  month      BIGINT NOT NULL,
  edition    BIGINT NOT NULL,
  post_id    TEXT NOT NULL REFERENCES post (id),
  at         BIGINT NOT NULL,
  actor      TEXT NOT NULL,
  account_id BIGINT NOT NULL REFERENCES account (id),
  audit_seq  BIGINT NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, kind, subject, year, month, edition, post_id)
);
CREATE TRIGGER publication_receipt_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON publication_receipt EXECUTE FUNCTION refuse_change();

-- Which average growth judges where they come to other verdicts: the highest version counts.
CREATE TABLE average_choice (
  plan_id    TEXT NOT NULL,
  goal_id    TEXT NOT NULL,
  version    BIGINT NOT NULL CHECK (version >= 1),
  average    TEXT NOT NULL CHECK (average IN ('compound', 'arithmetic', 'amounts')),
  reason     TEXT NOT NULL CHECK (length(reason) > 0),
  at         BIGINT NOT NULL,
  actor      TEXT NOT NULL,
  account_id BIGINT NOT NULL,
  audit_seq  BIGINT NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, goal_id, version)
);
CREATE TRIGGER average_choice_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON average_choice EXECUTE FUNCTION refuse_change();

INSERT INTO audit_action (name) VALUES ('publish_comparison'), ('choose_average');
