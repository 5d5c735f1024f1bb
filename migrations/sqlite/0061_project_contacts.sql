-- 联系人 of projects: versions of each, append-only, row_sha256 as elsewhere. Who it is stands beside the chain and can be
-- deleted; a version without a hash says that it was, and why.
CREATE TABLE project_contact (
  office_id     TEXT NOT NULL,   -- the region whose office keeps the library
  plan_id       TEXT NOT NULL,   -- the plan in whose name it was written
  project_id    TEXT NOT NULL,
  contact       INTEGER NOT NULL CHECK (contact >= 1),
  version       INTEGER NOT NULL CHECK (version >= 1),
  person_sha256 TEXT CHECK (length(person_sha256) = 64),   -- of salt and person; NULL: deleted
  reason        TEXT,   -- why it was deleted
  at            INTEGER NOT NULL,
  actor         TEXT NOT NULL,
  account_id    INTEGER NOT NULL,   -- 0: the machine's own user, before there are posts
  audit_seq     INTEGER NOT NULL REFERENCES audit (seq),
  row_sha256    TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (office_id, project_id, contact, version),
  CHECK ((person_sha256 IS NULL) = (reason IS NOT NULL))
) STRICT;

-- Names and telephones: personal data. Never changed, deleted with their salt when nobody needs them.
CREATE TABLE contact_person (
  office_id  TEXT NOT NULL,
  project_id TEXT NOT NULL,
  contact    INTEGER NOT NULL,
  version    INTEGER NOT NULL,
  salt       TEXT NOT NULL CHECK (length(salt) = 64),
  duty       TEXT NOT NULL,
  name       TEXT NOT NULL,
  phone      TEXT NOT NULL,
  PRIMARY KEY (office_id, project_id, contact, version)
) STRICT;

CREATE TRIGGER project_contact_no_update BEFORE UPDATE ON project_contact BEGIN SELECT RAISE(ABORT, 'project_contact is append-only'); END;
CREATE TRIGGER project_contact_no_delete BEFORE DELETE ON project_contact BEGIN SELECT RAISE(ABORT, 'project_contact is append-only'); END;
CREATE TRIGGER project_contact_no_replace BEFORE INSERT ON project_contact WHEN EXISTS (SELECT 1 FROM project_contact WHERE office_id = NEW.office_id AND project_id = NEW.project_id AND contact = NEW.contact AND version = NEW.version) BEGIN SELECT RAISE(ABORT, 'project_contact is append-only'); END;
CREATE TRIGGER contact_person_no_update BEFORE UPDATE ON contact_person BEGIN SELECT RAISE(ABORT, 'contact_person is append-only'); END;
CREATE TRIGGER contact_person_no_replace BEFORE INSERT ON contact_person WHEN EXISTS (SELECT 1 FROM contact_person WHERE office_id = NEW.office_id AND project_id = NEW.project_id AND contact = NEW.contact AND version = NEW.version) BEGIN SELECT RAISE(ABORT, 'contact_person is append-only'); END;

INSERT INTO audit_action (name) VALUES ('keep_contact'), ('forget_contact');
