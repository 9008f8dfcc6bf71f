#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <sys/file.h>
#include <sys/mman.h>

int lanes_memory_file(void) {
  return memfd_create("lanes", MFD_CLOEXEC);
}

int lanes_lock_file(int descriptor, int waits) {
  int result;
  do {
    result = flock(descriptor, LOCK_EX | (waits ? 0 : LOCK_NB));
  } while (result < 0 && errno == EINTR);
  return result;
}
