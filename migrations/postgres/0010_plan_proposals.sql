-- A revision of a plan that has returns: proposed by one person, confirmed or dropped by another; the highest version
-- counts. What is confirmed becomes the next plan_version in the same transaction. Append-only, row_sha256 as elsewhere.
CREATE TABLE plan_proposal (
  plan_id      TEXT NOT NULL,
  version      BIGINT NOT NULL CHECK (version >= 1),
  step         TEXT NOT NULL CHECK (step IN ('proposed', 'confirmed', 'dropped')),
  plan_version BIGINT NOT NULL CHECK (plan_version >= 1),   -- the version that it revises
  source       TEXT CHECK (step <> 'proposed' OR source IS NOT NULL),
  sha256       TEXT NOT NULL CHECK (length(sha256) = 64),    -- of the proposed source
  file_name    TEXT NOT NULL,
  reason       TEXT NOT NULL CHECK (length(reason) > 0),
  at           BIGINT NOT NULL,
  actor        TEXT NOT NULL,
  account_id   BIGINT NOT NULL REFERENCES account (id),
  audit_seq    BIGINT NOT NULL REFERENCES audit (seq),
  row_sha256   TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (plan_id, version)
);

CREATE TRIGGER plan_proposal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON plan_proposal EXECUTE FUNCTION refuse_change();

INSERT INTO audit_action (name) VALUES ('propose_plan'), ('drop_plan');
