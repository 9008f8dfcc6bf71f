#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int lanes_pidfd_open(pid_t pid) {
  return (int)syscall(SYS_pidfd_open, pid, 0);
}

void lanes_close_on_exec(int first) {
  syscall(SYS_close_range, first, ~0u, CLOSE_RANGE_CLOEXEC);
}

int lanes_reserve(int descriptor, int64_t offset, int64_t count) {
  return fallocate(descriptor, FALLOC_FL_KEEP_SIZE, offset, count);
}

int lanes_become_subreaper(void) {
  return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

static int64_t boottime(void) {
  struct timespec now;
  clock_gettime(CLOCK_BOOTTIME, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

struct child {
  const struct lanes_spawn_request *request;
  struct lanes_spawned *spawned;
};

// An ignored signal stays ignored over execve; these are what programs like to ignore.
static const int often_ignored[] = {SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGTERM, SIGTSTP};

uint64_t lanes_ignored_signals(void) {
  uint64_t ignored = 0;
  for (int number = 1; number < 65; number++) {
    struct sigaction action;
    if (!sigaction(number, NULL, &action) && action.sa_handler == SIG_IGN)
      ignored |= (uint64_t)1 << (number - 1);
  }
  for (size_t i = 0; i < sizeof often_ignored / sizeof *often_ignored; i++)
    ignored |= (uint64_t)1 << (often_ignored[i] - 1);
  return ignored;
}

static int use_as(int descriptor, int standard) {
  if (descriptor == standard) return fcntl(descriptor, F_SETFD, 0);
  return dup2(descriptor, standard);
}

static int open_standard(const struct lanes_spawn_request *request, enum lanes_spawn_step *step) {
  *step = lanes_spawn_output;
  int output = open(request->output, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0600);
  if (output < 0 || use_as(output, 1) < 0 || use_as(output, 2) < 0) return -1;
  *step = lanes_spawn_input;
  int input = request->input ? open(request->input, O_RDONLY | O_CLOEXEC | O_NOCTTY)
                             : request->input_descriptor;
  return input < 0 ? -1 : use_as(input, 0);
}

static int prepare(const struct lanes_spawn_request *request, enum lanes_spawn_step *step) {
  *step = lanes_spawn_group;
  if (setsid() < 0) return -1;
  if (open_standard(request, step) < 0) return -1;
  *step = lanes_spawn_directory;
  if (chdir(request->directory) < 0) return -1;
  *step = lanes_spawn_execute;
  syscall(SYS_close_range, 3, ~0u, CLOSE_RANGE_CLOEXEC);
  struct rlimit files;
  if (request->open_files && !getrlimit(RLIMIT_NOFILE, &files)) {
    files.rlim_cur = request->open_files;
    setrlimit(RLIMIT_NOFILE, &files);
  }
  struct sigaction standard = {.sa_handler = SIG_DFL};
  for (uint64_t rest = request->default_signals; rest; rest &= rest - 1)
    sigaction(__builtin_ctzll(rest) + 1, &standard, NULL);
  sigset_t none;
  sigemptyset(&none);
  return sigprocmask(SIG_SETMASK, &none, NULL);
}

// Runs on its own stack, but in the parent's memory: that is how a failure is told without a pipe.
// Everything called from here is a plain system call; no allocation, no lock.
static int run_child(void *argument) {
  struct child *child = argument;
  const struct lanes_spawn_request *request = child->request;
  child->spawned->latest_start = boottime();
  enum lanes_spawn_step step;
  if (prepare(request, &step) == 0)
    execve(request->program, request->arguments, request->environment);
  child->spawned->error = errno;
  child->spawned->step = step;
  _exit(127);
}

// CLONE_VFORK suspends the calling thread until the child has called execve or _exit, so the child's
// stack may be a local array, and no copy of the page tables is made. Other threads go on; they share
// nothing with the child but memory that it does not touch. No signal handler runs in the child: all
// signals that may have one are blocked until just before execve, and until then nobody knows its number.
int lanes_spawn(const struct lanes_spawn_request *request, struct lanes_spawned *spawned) {
  _Alignas(16) char stack[32 * 1024];
  struct child child = {request, spawned};
  sigset_t all, before;
  *spawned = (struct lanes_spawned){.pidfd = -1};
  sigfillset(&all);
  // It has no handler, and the kernel wakes another thread for it while it is blocked here.
  sigdelset(&all, SIGCHLD);
  pthread_sigmask(SIG_BLOCK, &all, &before);
  spawned->earliest_start = boottime();
  spawned->pid = clone(run_child, stack + sizeof stack,
                       CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD, &child, &spawned->pidfd);
  int error = errno;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (spawned->pid < 0) {
    spawned->step = lanes_spawn_clone;
    spawned->error = error;
    return -1;
  }
  if (spawned->step == lanes_spawn_done) return 0;
  while (waitpid(spawned->pid, NULL, 0) < 0 && errno == EINTR) {}
  close(spawned->pidfd);
  return -1;
}
