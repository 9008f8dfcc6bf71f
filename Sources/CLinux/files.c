#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>

int lanes_reserve(int file, int64_t size) {
  while (fallocate(file, FALLOC_FL_KEEP_SIZE, 0, size) != 0)
    if (errno != EINTR) return errno == ENOSPC || errno == EDQUOT ? -1 : 0;
  return 0;
}
