-- What the readers' site needs beside the articles themselves.

-- +goose Up

-- The counter grows with every change that pages show and that is no
-- publication: of sections, people, editions, settings.
INSERT INTO counter (name, value) VALUES ('site', 0);

-- Which languages the public articles are in.
CREATE INDEX article_lang ON article (lang, section) WHERE live <> '';

-- When the article was published, 0 while it is not public: so the newest with a
-- tag are found without a look at all of them.
ALTER TABLE article_tag ADD COLUMN published_at BIGINT NOT NULL DEFAULT 0;
UPDATE article_tag SET published_at = COALESCE((SELECT a.published_at FROM article a WHERE a.id = article_tag.article AND a.live <> ''), 0);
DROP INDEX article_tag_tag;
CREATE INDEX article_tag_newest ON article_tag (tag, published_at);

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
