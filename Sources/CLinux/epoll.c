#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <stddef.h>
#include <time.h>

enum { batch = 256 };

int lanes_epoll_add(int epoll, int descriptor, uint64_t token) {
  struct epoll_event event = {.events = EPOLLIN, .data.u64 = token};
  return epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event);
}

int lanes_epoll_remove(int epoll, int descriptor) {
  return epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, NULL);
}

int lanes_epoll_wait(int epoll, uint64_t *tokens, int capacity, int64_t nanoseconds) {
  struct epoll_event events[batch];
  struct timespec timeout = {nanoseconds / 1000000000, nanoseconds % 1000000000};
  int most = capacity < batch ? capacity : batch;
  int ready = epoll_pwait2(epoll, events, most, nanoseconds < 0 ? NULL : &timeout, NULL);
  if (ready < 0) return errno == EINTR ? 0 : -1;
  for (int i = 0; i < ready; i++) tokens[i] = events[i].data.u64;
  return ready;
}
