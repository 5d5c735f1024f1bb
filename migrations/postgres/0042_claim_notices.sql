-- 公示 of decided claims, published as comparisons are; objections within its days, each with its answer. Append-only.
INSERT INTO publication_kind (name) VALUES ('claims');

CREATE TABLE claim_objection (
  plan_id    TEXT NOT NULL,
  year       BIGINT NOT NULL CHECK (year BETWEEN 1900 AND 2999),
  claim      BIGINT NOT NULL CHECK (claim >= 1),
  number     BIGINT NOT NULL CHECK (number >= 1),   -- of the claim's objections
  version    BIGINT NOT NULL CHECK (version >= 1),
  step       TEXT NOT NULL CHECK (step IN ('object', 'uphold', 'reject')),
  objector   TEXT NOT NULL CHECK (length(objector) > 0),
  words      TEXT NOT NULL CHECK (length(words) > 0),
  at         BIGINT NOT NULL,
  actor      TEXT NOT NULL,
  account_id BIGINT NOT NULL,
  audit_seq  BIGINT NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, year, claim, number, version),
  CHECK ((version = 1) = (step = 'object'))
);

CREATE TRIGGER claim_objection_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON claim_objection EXECUTE FUNCTION refuse_change();

INSERT INTO audit_action (name) VALUES ('publish_claim_notice'), ('object_to_claim'), ('answer_claim_objection');
