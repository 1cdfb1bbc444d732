// Package broadside holds the words of a newspaper and the rules that bind
// them: articles and their revisions, the publication log, people, pictures,
// editions. It performs no I/O and imports only the standard library, so every
// other package can import it.
//
// Values are plain data. Whoever holds one owns it; none is safe for use by
// several goroutines while one of them writes.
package broadside
