// The destructor SQLITE_TRANSIENT is a cast macro, which Swift cannot import.
#include <sqlite3.h>

static inline int lanes_sqlite_bind_text(sqlite3_stmt *statement, int index, const char *bytes,
                                         int count) {
  return sqlite3_bind_text(statement, index, bytes, count, SQLITE_TRANSIENT);
}
