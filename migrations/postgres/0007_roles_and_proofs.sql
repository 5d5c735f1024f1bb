-- A role is a row of a table, as an audit action and a step are; publishing keeps up to where it proved the chain.

CREATE TABLE role (
  name TEXT PRIMARY KEY
);
INSERT INTO role (name) VALUES
  ('county_reporter'),
  ('county_approver'),
  ('city_reviewer'),
  ('publisher'),
  ('leader'),
  ('system_admin'),
  ('security_admin'),
  ('audit_admin');
ALTER TABLE post DROP CONSTRAINT post_role_check;
ALTER TABLE post ADD CONSTRAINT post_role_fkey FOREIGN KEY (role) REFERENCES role (name);

-- Up to where the audit chain was proved, and when: the next proof goes on from there.
CREATE TABLE proof (
  seq        BIGINT PRIMARY KEY CHECK (seq >= 1),
  hash       TEXT NOT NULL CHECK (length(hash) = 64),
  at         BIGINT NOT NULL,
  audit_seq  BIGINT NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64)
);
CREATE TRIGGER proof_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON proof EXECUTE FUNCTION refuse_change();
