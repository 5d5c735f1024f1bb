-- The library of projects as it stood at a quarter's end, published as comparisons are.
INSERT INTO publication_kind (name) VALUES ('library');
INSERT INTO audit_action (name) VALUES ('publish_library');
