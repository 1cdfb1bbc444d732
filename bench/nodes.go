package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/jackc/pgx/v5"
)

// postgresVariable names the environment's variable that holds the URL of a
// PostgreSQL server, whose query part is open for more.
const postgresVariable = "BROADSIDE_TEST_POSTGRES"

// publishingToAnotherNode serves one paper in PostgreSQL from two nodes,
// imports at the first and looks at the front page of the second. The reference
// looks at the first.
func publishingToAnotherNode(ctx context.Context, g *ground) (rows []row, err error) {
	database, drop, err := freshSchema(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, drop()) }()
	press := g.importTo("node-one", "--db", database)
	first, err := g.serveNode(ctx, press.dir, database)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, first.stop()) }()
	other := filepath.Join(g.dir, "node-two")
	if err := shareKeys(press.dir, other); err != nil {
		return nil, err
	}
	second, err := g.serveNode(ctx, other, database)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, second.stop()) }()
	shown, err := press.publishNews(ctx, second)
	if err != nil {
		return nil, err
	}
	least, err := press.publishNews(ctx, first)
	if err != nil {
		return nil, err
	}
	return []row{{
		"PostgreSQL, two nodes: the front page of the other one shows the article", "≤ 1 s", shown.span("ms"),
		"that of the node at whose directory it was imported: " + least.span("ms"), shown.median() / least.median(),
	}}, nil
}

// serveNode starts a node and waits for its front page.
func (g *ground) serveNode(ctx context.Context, dir, database string) (*server, error) {
	s, err := g.serve(ctx, dir, "BROADSIDE_DB="+database)
	if err != nil {
		return nil, err
	}
	_, err = s.ready(ctx)
	return s, err
}

// shareKeys gives another node's directory the keys of the first.
func shareKeys(from, to string) error {
	if err := os.Mkdir(to, 0o700); err != nil {
		return err
	}
	keys, err := os.ReadFile(filepath.Join(from, "keys"))
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(to, "keys"), keys, 0o600)
}

// freshSchema makes an empty schema on the server, and returns its URL and what
// removes it.
func freshSchema(ctx context.Context) (database string, drop func() error, err error) {
	url := os.Getenv(postgresVariable)
	if url == "" {
		return "", nil, fmt.Errorf("%s is not set: run scripts/with-postgres go run ./bench, as make bench does", postgresVariable)
	}
	const schema = "broadside_bench"
	run := func(statement string) error {
		c, err := pgx.Connect(context.WithoutCancel(ctx), url)
		if err != nil {
			return err
		}
		_, err = c.Exec(context.WithoutCancel(ctx), statement)
		return errors.Join(err, c.Close(context.WithoutCancel(ctx)))
	}
	drop = func() error { return run("DROP SCHEMA IF EXISTS " + schema + " CASCADE") }
	return url + "&search_path=" + schema, drop, errors.Join(drop(), run("CREATE SCHEMA "+schema))
}
