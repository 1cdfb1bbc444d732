-- What the readers' site needs beside the articles themselves.

-- +goose Up

-- The counter grows with every change that pages show and that is no
-- publication: of sections, people, editions, settings.
INSERT INTO counter (name, value) VALUES ('site', 0);

-- How often an article was read, by hour. Nothing says by whom.
CREATE TABLE article_read (
	article TEXT COLLATE "C" NOT NULL REFERENCES article (id) ON DELETE CASCADE,
	hour    BIGINT NOT NULL, -- its beginning
	reads   BIGINT NOT NULL,
	PRIMARY KEY (article, hour)
);
CREATE INDEX article_read_hour ON article_read (hour);

-- From which hosts readers came, by day.
CREATE TABLE article_source (
	article TEXT COLLATE "C" NOT NULL REFERENCES article (id) ON DELETE CASCADE,
	day     BIGINT NOT NULL, -- its beginning in UTC
	host    TEXT COLLATE "C" NOT NULL, -- empty for all that were too rare to name
	reads   BIGINT NOT NULL,
	PRIMARY KEY (article, day, host)
);
CREATE INDEX article_source_day ON article_source (day);
