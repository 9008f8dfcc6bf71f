// What Swift cannot import: the destructor SQLITE_TRANSIENT (a cast macro) and variadic functions.
#include <sqlite3.h>

static inline int lanes_sqlite_bind_text(sqlite3_stmt *statement, int index, const char *bytes,
                                         int count) {
  return sqlite3_bind_text(statement, index, bytes, count, SQLITE_TRANSIENT);
}

/// Binds text that stays where it is until the statement was run.
static inline int lanes_sqlite_lend_text(sqlite3_stmt *statement, int index, const char *bytes,
                                         int count) {
  return sqlite3_bind_text(statement, index, bytes, count, SQLITE_STATIC);
}

/// Says whether the WAL file is left alone when the last connection closes.
static inline int lanes_sqlite_keep_wal_on_close(sqlite3 *database, int keeps) {
  return sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, keeps, (int *)0);
}
