-- 认定名单: firms recognised as something, with the document that says so. Every version of each stays.
CREATE TABLE recognition (
  office      TEXT NOT NULL,      -- the region whose office keeps the list
  number      BIGINT NOT NULL CHECK (number >= 1),
  version     BIGINT NOT NULL CHECK (version >= 1),
  firm        TEXT NOT NULL CHECK (length(firm) > 0),
  credit_code TEXT CHECK (length(credit_code) = 18),
  unit_id     TEXT NOT NULL,
  title       TEXT NOT NULL CHECK (length(title) > 0),   -- 绿色工厂
  level       TEXT NOT NULL CHECK (length(level) > 0),   -- 国家级, 省级, 市级
  batch       TEXT NOT NULL,
  document    TEXT NOT NULL CHECK (length(document) > 0),
  day         TEXT NOT NULL,      -- recognised on
  withdrawn   TEXT,               -- withdrawn on
  reason      TEXT NOT NULL CHECK (version = 1 OR length(reason) > 0),
  at          BIGINT NOT NULL,
  actor       TEXT NOT NULL,
  account_id  BIGINT NOT NULL,   -- 0: the machine's own user, before there are posts
  audit_seq   BIGINT NOT NULL REFERENCES audit (seq),
  row_sha256  TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (office, number, version)
);

CREATE TRIGGER recognition_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON recognition EXECUTE FUNCTION refuse_change();

INSERT INTO audit_action (name) VALUES ('keep_recognitions');
