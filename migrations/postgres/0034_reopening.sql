-- An assessment that was closed is opened again by two persons, with the reason; the closing it opens stays as it is.
-- Append-only, row_sha256 as elsewhere.
CREATE TABLE assessment_reopening (
  plan_id    TEXT NOT NULL,
  goal_id    TEXT NOT NULL,
  year       BIGINT NOT NULL CHECK (year BETWEEN 1900 AND 2999),
  version    BIGINT NOT NULL CHECK (version >= 1),
  closure    BIGINT NOT NULL CHECK (closure >= 1),   -- the version of the closing that is opened again
  step       TEXT NOT NULL CHECK (step IN ('proposed', 'confirmed', 'dropped')),
  reason     TEXT NOT NULL CHECK (length(reason) > 0),
  at         BIGINT NOT NULL,
  actor      TEXT NOT NULL,
  account_id BIGINT NOT NULL,
  audit_seq  BIGINT NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, goal_id, year, version)
);
CREATE TRIGGER assessment_reopening_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON assessment_reopening EXECUTE FUNCTION refuse_change();

-- 县级审核人签核年终自评: of one version of a unit's self-assessment; a later version has to be signed again.
CREATE TABLE self_assessment_sign (
  plan_id    TEXT NOT NULL,
  goal_id    TEXT NOT NULL,
  year       BIGINT NOT NULL CHECK (year BETWEEN 1900 AND 2999),
  region_id  TEXT NOT NULL,
  version    BIGINT NOT NULL CHECK (version >= 1),   -- of the self-assessment
  at         BIGINT NOT NULL,
  actor      TEXT NOT NULL,
  account_id BIGINT NOT NULL,
  audit_seq  BIGINT NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, goal_id, year, region_id, version)
);
CREATE TRIGGER self_assessment_sign_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON self_assessment_sign EXECUTE FUNCTION refuse_change();

INSERT INTO audit_action (name) VALUES ('propose_reopening'), ('confirm_reopening'), ('drop_reopening'), ('sign_assessment');
