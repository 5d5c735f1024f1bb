-- What a database of an older form is sealed with once, and a clock that was set back.
INSERT INTO audit_action (name) VALUES ('seal_accounts'), ('clock_behind');
