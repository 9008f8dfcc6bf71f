#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
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

int lanes_signal_at_parents_death(int signal) {
  return prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0);
}

void lanes_name_process(const char *name) {
  prctl(PR_SET_NAME, name, 0, 0, 0);
}

void lanes_forbid_dump(void) {
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

void lanes_close_from(int first) {
  syscall(SYS_close_range, first, ~0u, 0);
}

void *lanes_shared_memory(size_t count) {
  void *memory = mmap(NULL, count, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return memory == MAP_FAILED ? NULL : memory;
}

pid_t lanes_fork(void) {
  return fork();
}

int lanes_send_signal(pid_t pid, int signal, int number) {
  return sigqueue(pid, signal, (union sigval){.sival_int = number});
}

pid_t lanes_peek_child(pid_t pid, int waits, int *status, struct rusage *usage) {
  siginfo_t end = {.si_pid = 0};
  int options = WEXITED | WNOWAIT | (waits ? 0 : WNOHANG);
  // The C library's function does not tell what was used.
  while (syscall(SYS_waitid, pid ? P_PID : P_ALL, pid, &end, options, usage) != 0)
    if (errno != EINTR) return -1;
  if (end.si_pid) *status = end.si_code == CLD_EXITED ? (end.si_status & 0xFF) << 8 : end.si_status;
  return end.si_pid;
}

static int64_t boottime(void) {
  struct timespec now;
  clock_gettime(CLOCK_BOOTTIME, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

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

// The new process shares the memory of this one, also the thread-local errno of the thread that makes it,
// which goes on meanwhile. So it makes its system calls itself, and no function of the C library is called
// from it. A result below 0 is a negated errno.
#if defined(__x86_64__)
static inline long call(long number, long a, long b, long c, long d) {
  register long fourth __asm__("r10") = d;
  long result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(fourth)
                   : "rcx", "r11", "memory");
  return result;
}
enum { clone_flags = 0 };
#elif defined(__aarch64__)
static inline long call(long number, long a, long b, long c, long d) {
  register long x8 __asm__("x8") = number;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  register long x3 __asm__("x3") = d;
  __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3) : "memory");
  return x0;
}
enum { clone_flags = 0 };
#else
static inline long call(long number, long a, long b, long c, long d) {
  long result = syscall(number, a, b, c, d);
  return result < 0 ? -errno : result;
}
// The thread waits, so that errno has one writer.
enum { clone_flags = CLONE_VFORK };
#endif

static long open_file(const char *path, int flags) {
  return call(SYS_openat, AT_FDCWD, (long)path, flags | O_CLOEXEC | O_NOCTTY, 0600);
}

static long use_as(long descriptor, int standard) {
  if (descriptor < 0) return descriptor;
  if (descriptor == standard) return call(SYS_fcntl, descriptor, F_SETFD, 0, 0);
  return call(SYS_dup3, descriptor, standard, 0, 0);
}

static long open_standard(const struct lanes_spawn *spawn, enum lanes_spawn_step *step) {
  *step = lanes_spawn_output;
  long output = open_file(spawn->output, O_WRONLY | O_CREAT | O_APPEND);
  long result = use_as(output, 1);
  if (result >= 0) result = use_as(output, 2);
  if (result < 0) return result;
  *step = lanes_spawn_input;
  return use_as(spawn->input ? open_file(spawn->input, O_RDONLY) : spawn->input_descriptor, 0);
}

static void set_limits_and_signals(const struct lanes_spawn *spawn) {
  call(SYS_close_range, 3, ~0u, CLOSE_RANGE_CLOEXEC, 0);
  struct { uint64_t soft, hard; } files;
  if (spawn->open_files && call(SYS_prlimit64, 0, RLIMIT_NOFILE, 0, (long)&files) == 0) {
    files.soft = spawn->open_files;
    call(SYS_prlimit64, 0, RLIMIT_NOFILE, (long)&files, 0);
  }
  // As the kernel lays out an action; all zero is the default one on every machine.
  static const uint64_t standard[4];
  for (uint64_t rest = spawn->default_signals; rest; rest &= rest - 1)
    call(SYS_rt_sigaction, __builtin_ctzll(rest) + 1, (long)standard, 0, sizeof(uint64_t));
  uint64_t none = 0;
  call(SYS_rt_sigprocmask, SIG_SETMASK, (long)&none, 0, sizeof none);
}

static long run_program(const struct lanes_spawn *spawn, enum lanes_spawn_step *step) {
  *step = lanes_spawn_group;
  long result = call(SYS_setsid, 0, 0, 0, 0);
  if (result < 0) return result;
  if ((result = open_standard(spawn, step)) < 0) return result;
  *step = lanes_spawn_directory;
  if ((result = call(SYS_chdir, (long)spawn->directory, 0, 0, 0)) < 0) return result;
  *step = lanes_spawn_execute;
  set_limits_and_signals(spawn);
  if (spawn->announced)
    __atomic_store_n(spawn->announced, (int32_t)call(SYS_getpid, 0, 0, 0, 0), __ATOMIC_RELAXED);
  result = call(SYS_execve, (long)spawn->program, (long)spawn->arguments, (long)spawn->environment, 0);
  if (spawn->shell_arguments)
    result = call(SYS_execve, (long)"/bin/sh", (long)spawn->shell_arguments, (long)spawn->environment, 0);
  if (spawn->announced) __atomic_store_n(spawn->announced, 0, __ATOMIC_RELAXED);
  return result;
}

static int run_child(void *argument) {
  struct lanes_spawn *spawn = argument;
  enum lanes_spawn_step step;
  long result = run_program(spawn, &step);
  spawn->error = (int)-result;
  spawn->step = step;
  for (;;) call(SYS_exit_group, 127, 0, 0, 0);
  return 0;
}

// CLONE_VM without CLONE_VFORK: no copy of the page tables is made, and this thread goes on at once while
// the child opens its files and executes its program, which it needs all of two processors for. The child
// has a stack of its own and reads what does not change until the kernel clears `is_busy`, which it does when
// the child leaves this memory. No signal handler runs in the child: all signals that may have one are
// blocked until their default action is back.
int lanes_spawn_start(struct lanes_spawn *spawn) {
  sigset_t all, before;
  spawn->pidfd = -1;
  spawn->step = lanes_spawn_done;
  spawn->error = 0;
  __atomic_store_n(&spawn->is_busy, 1, __ATOMIC_RELAXED);
  sigfillset(&all);
  // It has no handler, and the kernel wakes another thread for it while it is blocked here.
  sigdelset(&all, SIGCHLD);
  pthread_sigmask(SIG_BLOCK, &all, &before);
  spawn->earliest_start = boottime();
  spawn->pid = clone(run_child, spawn->stack + sizeof spawn->stack,
                     CLONE_VM | CLONE_PIDFD | CLONE_CHILD_CLEARTID | clone_flags | SIGCHLD, spawn,
                     &spawn->pidfd, NULL, &spawn->is_busy);
  int error = errno;
  spawn->latest_start = boottime();
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (spawn->pid >= 0) return 0;
  spawn->step = lanes_spawn_clone;
  spawn->error = error;
  __atomic_store_n(&spawn->is_busy, 0, __ATOMIC_RELAXED);
  return -1;
}

int lanes_spawn_is_busy(struct lanes_spawn *spawn) {
  return __atomic_load_n(&spawn->is_busy, __ATOMIC_ACQUIRE) != 0;
}

void lanes_spawn_wait(struct lanes_spawn *spawn) {
  int busy;
  while ((busy = __atomic_load_n(&spawn->is_busy, __ATOMIC_ACQUIRE)) != 0)
    syscall(SYS_futex, &spawn->is_busy, FUTEX_WAIT, busy, NULL, NULL, 0);
}
