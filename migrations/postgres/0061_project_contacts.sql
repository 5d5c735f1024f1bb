-- 联系人 of projects: versions of each, append-only, row_sha256 as elsewhere. Who it is stands beside the chain and can be
-- deleted; a version without a hash says that it was, and why.
CREATE TABLE project_contact (
  office_id     TEXT NOT NULL,   -- the region whose office keeps the library
  plan_id       TEXT NOT NULL,   -- the plan in whose name it was written
  project_id    TEXT NOT NULL,
  contact       BIGINT NOT NULL CHECK (contact >= 1),
  version       BIGINT NOT NULL CHECK (version >= 1),
  person_sha256 TEXT CHECK (length(person_sha256) = 64),   -- of salt and person; NULL: deleted
  reason        TEXT,   -- why it was deleted
  at            BIGINT NOT NULL,
  actor         TEXT NOT NULL,
  account_id    BIGINT NOT NULL,   -- 0: the machine's own user, before there are posts
  audit_seq     BIGINT NOT NULL REFERENCES audit (seq),
  row_sha256    TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (office_id, project_id, contact, version),
  CHECK ((person_sha256 IS NULL) = (reason IS NOT NULL))
);

-- Names and telephones: personal data. Never changed, deleted with their salt when nobody needs them.
CREATE TABLE contact_person (
  office_id  TEXT NOT NULL,
  project_id TEXT NOT NULL,
  contact    BIGINT NOT NULL,
  version    BIGINT NOT NULL,
  salt       TEXT NOT NULL CHECK (length(salt) = 64),
  duty       TEXT NOT NULL,
  name       TEXT NOT NULL,
  phone      TEXT NOT NULL,
  PRIMARY KEY (office_id, project_id, contact, version)
);

CREATE TRIGGER project_contact_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON project_contact EXECUTE FUNCTION refuse_change();
CREATE TRIGGER contact_person_no_update BEFORE UPDATE OR TRUNCATE ON contact_person EXECUTE FUNCTION refuse_change();

INSERT INTO audit_action (name) VALUES ('keep_contact'), ('forget_contact');
