-- 证明材料: files with a return, a request to correct it, a self-assessment, an objection, a dated task. Contents are
-- stored once each under their SHA-256; that stands in the rows of the files, which the chain covers. Append-only.
CREATE TABLE evidence_content (
  sha256  TEXT NOT NULL PRIMARY KEY CHECK (length(sha256) = 64),
  content BYTEA NOT NULL CHECK (length(content) BETWEEN 1 AND 20971520)
);

-- What became of a file, the steps in the order of version; row_sha256 as elsewhere.
CREATE TABLE evidence (
  plan_id    TEXT NOT NULL,
  number     BIGINT NOT NULL CHECK (number >= 1),   -- of the file, within the plan
  version    BIGINT NOT NULL CHECK (version >= 1),
  step       TEXT NOT NULL CHECK (step IN ('attach', 'add', 'hand_in', 'withdraw')),
  subject    TEXT NOT NULL,   -- return/2021-06, correction/2021-06, self/2021/investment, objection/2021/3, task/plan
  unit_id    TEXT NOT NULL,
  name       TEXT NOT NULL CHECK (length(name) > 0),
  kind       TEXT NOT NULL CHECK (kind IN ('pdf', 'jpg', 'png', 'xlsx', 'docx')),
  size       BIGINT NOT NULL CHECK (size >= 1),   -- bytes
  sha256     TEXT NOT NULL REFERENCES evidence_content (sha256),
  submission BIGINT CHECK (submission >= 1),   -- 盖章扫描件: of the how-manieth submission of the return
  stamps     TEXT CHECK ((stamps IS NULL) = (submission IS NULL)),   -- and the SHA-256 of what that submitted
  at         BIGINT NOT NULL,
  actor      TEXT NOT NULL,
  account_id BIGINT NOT NULL,   -- 0: the machine's own user, before there are posts
  audit_seq  BIGINT NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, number, version),
  CHECK ((version = 1) = (step IN ('attach', 'add')))
);

CREATE TRIGGER evidence_content_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON evidence_content EXECUTE FUNCTION refuse_change();
CREATE TRIGGER evidence_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON evidence EXECUTE FUNCTION refuse_change();

INSERT INTO audit_action (name) VALUES ('attach_evidence'), ('withdraw_evidence');
