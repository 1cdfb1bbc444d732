-- One text for both engines. Text is ordered by code point: what PostgreSQL
-- calls COLLATE "C" is how SQLite compares to begin with, so the clause is
-- left out there. Times are Unix milliseconds, 0 for none; booleans are 0 or 1.

-- +goose Up
CREATE TABLE setting (
	key   TEXT COLLATE "C" PRIMARY KEY,
	value TEXT COLLATE "C" NOT NULL -- JSON
);

-- Numbers without gaps, in the order of commit: the row is locked until then.
CREATE TABLE counter (
	name  TEXT COLLATE "C" PRIMARY KEY,
	value BIGINT NOT NULL
);
INSERT INTO counter (name, value) VALUES ('publication', 0), ('shared', 0);

CREATE TABLE section (
	slug        TEXT COLLATE "C" PRIMARY KEY,
	name        TEXT COLLATE "C" NOT NULL,
	description TEXT COLLATE "C" NOT NULL DEFAULT '',
	position    BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE tag (
	slug TEXT COLLATE "C" PRIMARY KEY,
	name TEXT COLLATE "C" NOT NULL
);

CREATE TABLE person (
	id        TEXT COLLATE "C" PRIMARY KEY,
	slug      TEXT COLLATE "C" NOT NULL UNIQUE,
	name      TEXT COLLATE "C" NOT NULL,
	biography TEXT COLLATE "C" NOT NULL DEFAULT '',
	portrait  TEXT COLLATE "C" NOT NULL DEFAULT '' -- picture.master
);
CREATE INDEX person_name ON person (name);

CREATE TABLE picture (
	id         TEXT COLLATE "C" PRIMARY KEY,
	master     TEXT COLLATE "C" NOT NULL UNIQUE, -- identity, and its blob
	original   TEXT COLLATE "C" NOT NULL DEFAULT '', -- blob, encrypted
	format     TEXT COLLATE "C" NOT NULL,
	width      BIGINT NOT NULL,
	height     BIGINT NOT NULL,
	alt        TEXT COLLATE "C" NOT NULL DEFAULT '',
	caption    TEXT COLLATE "C" NOT NULL DEFAULT '',
	credit     TEXT COLLATE "C" NOT NULL DEFAULT '',
	licence    TEXT COLLATE "C" NOT NULL DEFAULT '',
	colour     TEXT COLLATE "C" NOT NULL DEFAULT '',
	focal_x    BIGINT NOT NULL DEFAULT 500,
	focal_y    BIGINT NOT NULL DEFAULT 500,
	created_at BIGINT NOT NULL
);

CREATE TABLE rendition (
	picture TEXT COLLATE "C" NOT NULL REFERENCES picture (id) ON DELETE CASCADE,
	width   BIGINT NOT NULL,
	format  TEXT COLLATE "C" NOT NULL,
	blob    TEXT COLLATE "C" NOT NULL,
	size    BIGINT NOT NULL,
	PRIMARY KEY (picture, width, format)
);

-- Sounds, films and documents that articles offer.
CREATE TABLE file (
	id         TEXT COLLATE "C" PRIMARY KEY, -- random, for its address
	blob       TEXT COLLATE "C" NOT NULL UNIQUE, -- identity
	name       TEXT COLLATE "C" NOT NULL,
	mime       TEXT COLLATE "C" NOT NULL,
	size       BIGINT NOT NULL,
	created_at BIGINT NOT NULL
);

CREATE TABLE article (
	id           TEXT COLLATE "C" PRIMARY KEY,
	story        TEXT COLLATE "C" NOT NULL, -- shared by translations
	lang         TEXT COLLATE "C" NOT NULL,
	section      TEXT COLLATE "C" NOT NULL REFERENCES section (slug),
	slug         TEXT COLLATE "C" NOT NULL,
	status       TEXT COLLATE "C" NOT NULL,
	head         TEXT COLLATE "C" NOT NULL DEFAULT '', -- revision
	live         TEXT COLLATE "C" NOT NULL DEFAULT '', -- revision
	publish_at   BIGINT NOT NULL DEFAULT 0,
	published_at BIGINT NOT NULL DEFAULT 0,
	updated_at   BIGINT NOT NULL DEFAULT 0,
	created_at   BIGINT NOT NULL,
	version      BIGINT NOT NULL DEFAULT 0, -- grows with every change
	UNIQUE (section, slug)
);
CREATE INDEX article_public ON article (published_at, id) WHERE live <> '';
CREATE INDEX article_section ON article (section, published_at, id) WHERE live <> '';
CREATE INDEX article_story ON article (story);

CREATE TABLE article_tag (
	article  TEXT COLLATE "C" NOT NULL REFERENCES article (id) ON DELETE CASCADE,
	tag      TEXT COLLATE "C" NOT NULL REFERENCES tag (slug),
	position BIGINT NOT NULL,
	PRIMARY KEY (article, tag)
);
CREATE INDEX article_tag_tag ON article_tag (tag);

-- The columns from kind to words are drawn from the canonical bytes, so that a
-- list need not read them. A removal empties them with the bytes.
CREATE TABLE revision (
	id         TEXT COLLATE "C" PRIMARY KEY,
	article    TEXT COLLATE "C" NOT NULL REFERENCES article (id),
	previous   TEXT COLLATE "C" NOT NULL DEFAULT '',
	author     TEXT COLLATE "C" NOT NULL,
	created_at BIGINT NOT NULL,
	canonical  TEXT COLLATE "C" NOT NULL, -- empty once removed
	digest     TEXT COLLATE "C" NOT NULL, -- SHA-256 of canonical; internal
	commitment TEXT COLLATE "C" NOT NULL, -- HMAC-SHA-256(salt, canonical)
	kind       TEXT COLLATE "C" NOT NULL,
	lang       TEXT COLLATE "C" NOT NULL,
	dir        TEXT COLLATE "C" NOT NULL,
	headline   TEXT COLLATE "C" NOT NULL,
	standfirst TEXT COLLATE "C" NOT NULL,
	byline     TEXT COLLATE "C" NOT NULL,
	picture    TEXT COLLATE "C" NOT NULL, -- picture.master of the lead
	alt        TEXT COLLATE "C" NOT NULL,
	words      BIGINT NOT NULL
);
CREATE INDEX revision_article ON revision (article, created_at);

-- In a table of its own, so that removing it is a delete and not an update.
CREATE TABLE revision_salt (
	revision TEXT COLLATE "C" PRIMARY KEY REFERENCES revision (id),
	salt     TEXT COLLATE "C" NOT NULL -- 32 bytes in hex
);

-- What a revision uses: pictures by master, files by blob, people by id.
CREATE TABLE revision_use (
	revision TEXT COLLATE "C" NOT NULL REFERENCES revision (id),
	kind     TEXT COLLATE "C" NOT NULL, -- picture, file, person
	used     TEXT COLLATE "C" NOT NULL,
	PRIMARY KEY (revision, kind, used)
);
CREATE INDEX revision_use_used ON revision_use (kind, used);

-- The publication log: append-only.
CREATE TABLE publication (
	seq      BIGINT PRIMARY KEY,
	article  TEXT COLLATE "C" NOT NULL REFERENCES article (id),
	revision TEXT COLLATE "C" NOT NULL DEFAULT '',
	kind     TEXT COLLATE "C" NOT NULL,
	at       BIGINT NOT NULL,
	note     TEXT COLLATE "C" NOT NULL DEFAULT ''
);
CREATE INDEX publication_article ON publication (article, seq);

CREATE TABLE redirect (
	path    TEXT COLLATE "C" PRIMARY KEY,
	article TEXT COLLATE "C" NOT NULL DEFAULT '', -- wherever it is by then, or
	target  TEXT COLLATE "C" NOT NULL DEFAULT ''  -- a path
);
CREATE INDEX redirect_article ON redirect (article);

CREATE TABLE edition (
	id        TEXT COLLATE "C" PRIMARY KEY,
	number    BIGINT NOT NULL UNIQUE,
	date      TEXT COLLATE "C" NOT NULL,
	lang      TEXT COLLATE "C" NOT NULL,
	title     TEXT COLLATE "C" NOT NULL DEFAULT '',
	closed_at BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE edition_article (
	edition  TEXT COLLATE "C" NOT NULL REFERENCES edition (id) ON DELETE CASCADE,
	article  TEXT COLLATE "C" NOT NULL REFERENCES article (id),
	position BIGINT NOT NULL,
	weight   TEXT COLLATE "C" NOT NULL,
	PRIMARY KEY (edition, article)
);

CREATE TABLE job (
	id          TEXT COLLATE "C" PRIMARY KEY,
	kind        TEXT COLLATE "C" NOT NULL,
	key         TEXT COLLATE "C" NOT NULL, -- one job of a kind and key at a time
	args        TEXT COLLATE "C" NOT NULL, -- JSON
	state       TEXT COLLATE "C" NOT NULL, -- ready, running, failed
	run_at      BIGINT NOT NULL,
	attempts    BIGINT NOT NULL DEFAULT 0,
	fence       BIGINT NOT NULL DEFAULT 0, -- grows with each claim
	lease_until BIGINT NOT NULL DEFAULT 0,
	error       TEXT COLLATE "C" NOT NULL DEFAULT '',
	created_at  BIGINT NOT NULL,
	UNIQUE (kind, key)
);
CREATE INDEX job_due ON job (state, run_at, id);
