-- From which day the officials that a version names are in charge, where that was said.
ALTER TABLE project_revision ADD COLUMN officials_since TEXT;

INSERT INTO audit_action (name) VALUES ('succeed_official');
