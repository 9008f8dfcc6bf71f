#define _GNU_SOURCE
#include "CLinux.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

void lanes_enter_thread(const char *name) {
  char short_name[16];
  snprintf(short_name, sizeof short_name, "%s", name);
  pthread_setname_np(pthread_self(), short_name);

  // The kernel drops the SIGCHLD of a child that ends only if the thread that started the child does
  // not block it; otherwise it would wake another thread each time.
  static const int unblocked[] = {SIGSEGV, SIGBUS,  SIGFPE, SIGILL,
                                  SIGTRAP, SIGABRT, SIGSYS, SIGCHLD};
  sigset_t set;
  sigfillset(&set);
  for (size_t i = 0; i < sizeof unblocked / sizeof *unblocked; i++) sigdelset(&set, unblocked[i]);
  pthread_sigmask(SIG_BLOCK, &set, NULL);
}

void lanes_prefer_latency(void) {
  // The layout of the kernel's `struct sched_attr` of 48 bytes.
  struct {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
  } attributes = {.size = sizeof attributes};
  if (syscall(SYS_sched_getattr, 0, &attributes, sizeof attributes, 0) != 0) return;
  if (attributes.policy != SCHED_OTHER) return;
  attributes.runtime = 100 * 1000;
  syscall(SYS_sched_setattr, 0, &attributes, 0);
}

char *const *lanes_environment(void) {
  return environ;
}

int lanes_usable_processors(void) {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set)) return (int)sysconf(_SC_NPROCESSORS_ONLN);
  return CPU_COUNT(&set);
}
