package store

// skipLocked keeps workers on PostgreSQL from waiting for each other's claims.
// On SQLite one transaction writes at a time, so there is nothing to skip.
func (tx *Tx) skipLocked() string {
	if tx.postgres {
		return `FOR UPDATE SKIP LOCKED`
	}
	return ``
}
