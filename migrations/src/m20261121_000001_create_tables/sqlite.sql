-- The same tables as on PostgreSQL. Instants are RFC 3339 text in UTC, which sorts as it reads;
-- UUIDs are blobs of 16 bytes; JSON is text.

CREATE TABLE accounts (
  user_id TEXT NOT NULL PRIMARY KEY,
  event_sequence INTEGER NOT NULL DEFAULT 0,
  update_sequence INTEGER NOT NULL DEFAULT 0,
  deleted_at TEXT,
  erased_at TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX accounts_deleted ON accounts (deleted_at) WHERE deleted_at IS NOT NULL;

CREATE TABLE profiles (
  user_id TEXT NOT NULL PRIMARY KEY,
  time_zone TEXT NOT NULL,
  language TEXT NOT NULL,
  first_day_of_week INTEGER NOT NULL,
  updated_at TEXT NOT NULL,
  version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE tasks (
  -- Names the row in tasks_search. An implicit rowid would change when the file is vacuumed.
  row_number INTEGER PRIMARY KEY,
  user_id TEXT NOT NULL,
  id BLOB NOT NULL,
  title TEXT NOT NULL,
  description TEXT NOT NULL,
  priority INTEGER NOT NULL,
  category TEXT NOT NULL,
  tags TEXT NOT NULL,
  due_date TEXT,
  due_at TEXT,
  due_zone TEXT,
  due_starts_at TEXT,
  recurring_rule TEXT,
  recurrence_mode TEXT,
  recurring_end_date TEXT,
  anchor_local TEXT,
  anchor_zone TEXT,
  occurrence_index INTEGER,
  scheduled_local TEXT,
  parent_task_id BLOB,
  predecessor_task_id BLOB,
  successor_task_id BLOB,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  completed_at TEXT,
  deleted_at TEXT,
  version INTEGER NOT NULL,
  title_key TEXT NOT NULL,
  search_text TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX tasks_pkey ON tasks (user_id, id);
CREATE INDEX tasks_created ON tasks (user_id, created_at, id);
CREATE INDEX tasks_updated ON tasks (user_id, updated_at, id);
CREATE INDEX tasks_due ON tasks (user_id, due_starts_at, id) WHERE due_starts_at IS NOT NULL;
CREATE INDEX tasks_undated ON tasks (user_id, id) WHERE due_starts_at IS NULL;
CREATE INDEX tasks_priority ON tasks (user_id, priority, id);
CREATE INDEX tasks_title ON tasks (user_id, title_key, id);
CREATE INDEX tasks_trash ON tasks (user_id, created_at, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX tasks_purge ON tasks (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE UNIQUE INDEX tasks_predecessor ON tasks (user_id, predecessor_task_id)
  WHERE predecessor_task_id IS NOT NULL;

-- The text is folded before it comes here, so the index compares it as it is.
CREATE VIRTUAL TABLE tasks_search USING fts5 (
  search_text, content = 'tasks', content_rowid = 'row_number', columnsize = 0,
  tokenize = 'trigram case_sensitive 1'
);
CREATE TRIGGER tasks_search_insert AFTER INSERT ON tasks BEGIN
  INSERT INTO tasks_search (rowid, search_text) VALUES (new.row_number, new.search_text);
END;
CREATE TRIGGER tasks_search_delete AFTER DELETE ON tasks BEGIN
  INSERT INTO tasks_search (tasks_search, rowid, search_text)
    VALUES ('delete', old.row_number, old.search_text);
END;
CREATE TRIGGER tasks_search_update AFTER UPDATE OF search_text ON tasks
  WHEN old.search_text <> new.search_text BEGIN
  INSERT INTO tasks_search (tasks_search, rowid, search_text)
    VALUES ('delete', old.row_number, old.search_text);
  INSERT INTO tasks_search (rowid, search_text) VALUES (new.row_number, new.search_text);
END;

CREATE TABLE reminders (
  user_id TEXT NOT NULL,
  id BLOB NOT NULL,
  task_id BLOB NOT NULL,
  place INTEGER NOT NULL,
  remind_at TEXT,
  before_due_seconds INTEGER,
  fire_at TEXT NOT NULL,
  state TEXT NOT NULL,
  PRIMARY KEY (user_id, task_id, id),
  FOREIGN KEY (user_id, task_id) REFERENCES tasks (user_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX reminders_due ON reminders (fire_at) WHERE state = 'scheduled';

CREATE TABLE notifications (
  id BLOB NOT NULL PRIMARY KEY,
  user_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  task_id BLOB NOT NULL,
  task_title TEXT NOT NULL,
  due_date TEXT,
  due_at TEXT,
  due_zone TEXT,
  reminder_id BLOB NOT NULL,
  remind_at TEXT NOT NULL,
  read_at TEXT,
  created_at TEXT NOT NULL,
  snoozed_until TEXT,
  version INTEGER NOT NULL,
  deleted_at TEXT
) STRICT;
CREATE INDEX notifications_created ON notifications (user_id, created_at, id)
  WHERE deleted_at IS NULL;
CREATE INDEX notifications_unread ON notifications (user_id, created_at, id)
  WHERE deleted_at IS NULL AND read_at IS NULL;
CREATE INDEX notifications_owner ON notifications (user_id, id);
CREATE INDEX notifications_purge ON notifications (deleted_at) WHERE deleted_at IS NOT NULL;

CREATE TABLE audit_logs (
  event_id BLOB NOT NULL PRIMARY KEY,
  user_id TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  event_type TEXT NOT NULL,
  occurred_at TEXT NOT NULL,
  entity_type TEXT NOT NULL,
  entity_id BLOB NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id TEXT NOT NULL,
  actor_token_id TEXT,
  correlation_id TEXT NOT NULL,
  source TEXT NOT NULL,
  data TEXT
) STRICT;
CREATE INDEX audit_logs_user ON audit_logs (user_id, sequence);
CREATE INDEX audit_logs_entity ON audit_logs (user_id, entity_id, sequence);

CREATE TABLE request_ids (
  user_id TEXT NOT NULL,
  method TEXT NOT NULL,
  request_id BLOB NOT NULL,
  request_hash BLOB NOT NULL,
  task_id BLOB NOT NULL,
  expires_at TEXT NOT NULL,
  PRIMARY KEY (user_id, method, request_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX request_ids_purge ON request_ids (expires_at);

CREATE TABLE outbox (
  -- AUTOINCREMENT: a position is never given twice, or a late delete would hit another row.
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  event_id BLOB NOT NULL UNIQUE,
  source TEXT NOT NULL,
  shard INTEGER NOT NULL,
  topic TEXT NOT NULL,
  event_type TEXT NOT NULL,
  user_id TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  occurred_at TEXT NOT NULL,
  correlation_id TEXT NOT NULL,
  actor TEXT NOT NULL,
  traceparent TEXT,
  data TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  parked_at TEXT,
  -- Why publishing it failed last: what it waits for, or what it was parked for.
  last_failure TEXT
) STRICT;
CREATE INDEX outbox_waiting ON outbox (source, position) WHERE parked_at IS NULL;
CREATE INDEX outbox_parked ON outbox (source, topic, user_id, position)
  WHERE parked_at IS NOT NULL;

CREATE TABLE outbox_leases (
  source TEXT NOT NULL,
  shard INTEGER NOT NULL,
  owner TEXT NOT NULL,
  fence INTEGER NOT NULL,
  expires_at TEXT NOT NULL,
  PRIMARY KEY (source, shard)
) STRICT, WITHOUT ROWID;

CREATE TABLE dead_letters (
  consumer TEXT NOT NULL,
  event_id TEXT NOT NULL,
  topic TEXT NOT NULL,
  user_id TEXT,
  reason TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  content_type TEXT NOT NULL,
  payload BLOB NOT NULL,
  first_at TEXT NOT NULL,
  last_at TEXT NOT NULL,
  PRIMARY KEY (consumer, event_id)
) STRICT;
CREATE INDEX dead_letters_time ON dead_letters (first_at, consumer, event_id);
CREATE INDEX dead_letters_user ON dead_letters (user_id) WHERE user_id IS NOT NULL;
