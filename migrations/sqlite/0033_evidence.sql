-- 证明材料: files with a return, a request to correct it, a self-assessment, an objection, a dated task. Contents are
-- stored once each under their SHA-256; that stands in the rows of the files, which the chain covers. Append-only.
CREATE TABLE evidence_content (
  sha256  TEXT NOT NULL PRIMARY KEY CHECK (length(sha256) = 64),
  content BLOB NOT NULL CHECK (length(content) BETWEEN 1 AND 20971520)
) STRICT;

-- What became of a file, the steps in the order of version; row_sha256 as elsewhere.
CREATE TABLE evidence (
  plan_id    TEXT NOT NULL,
  number     INTEGER NOT NULL CHECK (number >= 1),   -- of the file, within the plan
  version    INTEGER NOT NULL CHECK (version >= 1),
  step       TEXT NOT NULL CHECK (step IN ('attach', 'add', 'hand_in', 'withdraw')),
  subject    TEXT NOT NULL,   -- return/2021-06, correction/2021-06, self/2021/investment, objection/2021/3, task/plan
  unit_id    TEXT NOT NULL,
  name       TEXT NOT NULL CHECK (length(name) > 0),
  kind       TEXT NOT NULL CHECK (kind IN ('pdf', 'jpg', 'png', 'xlsx', 'docx')),
  size       INTEGER NOT NULL CHECK (size >= 1),   -- bytes
  sha256     TEXT NOT NULL REFERENCES evidence_content (sha256),
  submission INTEGER CHECK (submission >= 1),   -- 盖章扫描件: of the how-manieth submission of the return
  stamps     TEXT CHECK ((stamps IS NULL) = (submission IS NULL)),   -- and the SHA-256 of what that submitted
  at         INTEGER NOT NULL,
  actor      TEXT NOT NULL,
  account_id INTEGER NOT NULL,   -- 0: the machine's own user, before there are posts
  audit_seq  INTEGER NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, number, version),
  CHECK ((version = 1) = (step IN ('attach', 'add')))
) STRICT;

CREATE TRIGGER evidence_content_no_update BEFORE UPDATE ON evidence_content BEGIN SELECT RAISE(ABORT, 'evidence_content is append-only'); END;
CREATE TRIGGER evidence_content_no_delete BEFORE DELETE ON evidence_content BEGIN SELECT RAISE(ABORT, 'evidence_content is append-only'); END;
CREATE TRIGGER evidence_content_no_replace BEFORE INSERT ON evidence_content WHEN EXISTS (SELECT 1 FROM evidence_content WHERE sha256 = NEW.sha256) BEGIN SELECT RAISE(ABORT, 'evidence_content is append-only'); END;
CREATE TRIGGER evidence_no_update BEFORE UPDATE ON evidence BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;
CREATE TRIGGER evidence_no_delete BEFORE DELETE ON evidence BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;
CREATE TRIGGER evidence_no_replace BEFORE INSERT ON evidence WHEN EXISTS (SELECT 1 FROM evidence WHERE plan_id = NEW.plan_id AND number = NEW.number AND version = NEW.version) BEGIN SELECT RAISE(ABORT, 'evidence is append-only'); END;

INSERT INTO audit_action (name) VALUES ('attach_evidence'), ('withdraw_evidence');
