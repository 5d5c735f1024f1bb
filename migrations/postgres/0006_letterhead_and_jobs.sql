-- What the office writes on its paper around an edition: the newest version is in force. Append-only, row_sha256 as elsewhere.
CREATE TABLE letterhead (
  plan_id    TEXT NOT NULL,
  year       BIGINT NOT NULL,
  month      BIGINT NOT NULL CHECK (month BETWEEN 1 AND 12),
  edition    BIGINT NOT NULL CHECK (edition >= 1),
  version    BIGINT NOT NULL CHECK (version >= 1),
  content    TEXT NOT NULL,
  at         BIGINT NOT NULL,
  set_by     TEXT NOT NULL,
  audit_seq  BIGINT NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, year, month, edition, version)
);


CREATE TRIGGER letterhead_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON letterhead EXECUTE FUNCTION refuse_change();

-- Long exports: asked for, made in turn, fetched later. They hold no facts: finished ones are cleared after some days, and
-- a backup leaves them out.
CREATE TABLE export_job (
  id          TEXT PRIMARY KEY CHECK (length(id) = 32),
  kind        TEXT NOT NULL CHECK (kind IN ('assessment')),
  plan_id     TEXT NOT NULL,
  goal_id     TEXT NOT NULL,
  year        BIGINT NOT NULL,
  asked_by    TEXT NOT NULL,
  account_id  BIGINT NOT NULL,
  asked_at    BIGINT NOT NULL,
  state       TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed')),
  -- When whoever makes it last said so: another copy of the program takes over what has been silent for long.
  heard_at    BIGINT NOT NULL,
  step        TEXT NOT NULL,
  done        BIGINT NOT NULL CHECK (done >= 0),
  steps       BIGINT NOT NULL CHECK (steps >= done),
  file_name   TEXT,
  content     BYTEA,
  sha256      TEXT CHECK (length(sha256) = 64),
  failure     TEXT
);

CREATE INDEX export_job_by_account ON export_job (account_id, asked_at);

INSERT INTO audit_action (name) VALUES ('write_letterhead'), ('export_assessment');
