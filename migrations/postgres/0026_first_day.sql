-- The first day of an office: its name, people and their posts from one workbook, deputies, posts that are retired,
-- accounts that are changed. Append-only, row_sha256 as elsewhere.

-- What became of a post: made the deputy's (B角) of another one, retired, restored; the highest version counts.
CREATE TABLE post_step (
  post_id    TEXT NOT NULL REFERENCES post (id),
  version    BIGINT NOT NULL CHECK (version >= 1),
  step       TEXT NOT NULL CHECK (step IN ('deputy', 'retire', 'restore')),
  of_post    TEXT REFERENCES post (id) CHECK ((of_post IS NOT NULL) = (step = 'deputy')),
  reason     TEXT NOT NULL CHECK (length(reason) > 0 OR step <> 'retire'),
  at         BIGINT NOT NULL,
  actor      TEXT NOT NULL CHECK (length(actor) > 0),
  audit_seq  BIGINT NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (post_id, version)
);

-- 花名册: who is to hold which post, asked for by the system administrator, who made the accounts, and confirmed by the
-- security administrator, who keeps the posts; the highest version counts.
CREATE TABLE roster (
  id         BIGINT NOT NULL CHECK (id >= 1),
  version    BIGINT NOT NULL CHECK (version >= 1),
  step       TEXT NOT NULL CHECK (step IN ('ask', 'confirm', 'drop')),
  by_account BIGINT NOT NULL REFERENCES account (id),
  at         BIGINT NOT NULL,
  actor      TEXT NOT NULL CHECK (length(actor) > 0),
  content    TEXT CHECK ((content IS NOT NULL) = (step = 'ask')),   -- its lines as JSON
  audit_seq  BIGINT NOT NULL REFERENCES audit (seq),
  row_sha256 TEXT NOT NULL CHECK (length(row_sha256) = 64),
  PRIMARY KEY (id, version)
);

CREATE TRIGGER post_step_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON post_step EXECUTE FUNCTION refuse_change();
CREATE TRIGGER roster_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON roster EXECUTE FUNCTION refuse_change();

INSERT INTO setting_name (name) VALUES ('office'), ('outbox_key');
INSERT INTO audit_action (name) VALUES
  ('change_account'), ('make_deputy'), ('retire_post'), ('restore_post'), ('ask_roster'), ('confirm_roster'), ('drop_roster');
