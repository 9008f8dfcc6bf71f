// System calls of Linux that the Glibc module does not import, and the making of a process.
#ifndef LANES_CLINUX_H
#define LANES_CLINUX_H

#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <time.h>

/// Opens a descriptor that becomes readable when process `pid` ends; -1 and errno on error.
int lanes_pidfd_open(pid_t pid);

/// Adds `descriptor` to `epoll`: `token` is told while there is something to read.
int lanes_epoll_add(int epoll, int descriptor, uint64_t token);

/// Takes `descriptor` out of `epoll`; to be called before it is closed.
int lanes_epoll_remove(int epoll, int descriptor);

/// The tokens of the descriptors that are ready, after at most `nanoseconds` (forever if negative).
///
/// Returns how many there are, 0 also when a signal came, -1 and errno on error.
int lanes_epoll_wait(int epoll, uint64_t *tokens, int capacity, int64_t nanoseconds);

/// Makes this process the parent of all orphans among its descendants.
int lanes_become_subreaper(void);

/// Names the calling thread and leaves to other threads every signal but those a fault raises.
void lanes_enter_thread(const char *name);

/// Asks the scheduler for short turns that come soon instead of long ones, for the calling thread.
///
/// Needs no privilege and takes nothing from others; kernels before 6.12 ignore it.
void lanes_prefer_latency(void);

/// The variables this process was given, ended by NULL.
char *const *lanes_environment(void);

// How many processors this process may run on.
int lanes_usable_processors(void);

/// What a new process was doing when it failed, or `lanes_spawn_done`.
enum lanes_spawn_step {
  lanes_spawn_done = 0,
  lanes_spawn_clone,
  lanes_spawn_group,
  lanes_spawn_output,
  lanes_spawn_input,
  lanes_spawn_directory,
  lanes_spawn_execute,
};

/// The signals this process ignores, and those that it may later; bit N - 1 for signal N.
uint64_t lanes_ignored_signals(void);

/// Makes a copy of this process, which must have a single thread; as `fork`, which Swift does not import.
pid_t lanes_fork(void);

/// Looks whether a child has ended, without collecting it; any child when `pid` is 0.
///
/// Returns its number, with its status as `wait` gives it and what it used; 0 when none has ended, and -1
/// with errno (ECHILD: no such child). Waits for one when `waits` is not 0.
pid_t lanes_peek_child(pid_t pid, int waits, int *status, struct rusage *usage);

/// Sends `signal` to `pid` together with a number, which a signalfd of the receiver tells.
int lanes_send_signal(pid_t pid, int signal, int number);

/// Lets this process get `signal` when its parent dies.
int lanes_signal_at_parents_death(int signal);

/// Names this process for those who list or kill by name; 15 bytes are kept.
void lanes_name_process(const char *name);

/// Lets no memory of this process be dumped.
void lanes_forbid_dump(void);

/// Closes all descriptors from `first` on.
void lanes_close_from(int first);

/// Memory of `count` bytes, all zero, that this process shares with those it makes; NULL and errno on error.
void *lanes_shared_memory(size_t count);

/// A program that is being started: what it gets, and what became of it.
///
/// The new process reads this, and the strings it names, until it runs its program: none of it may
/// change or be freed while `is_busy`.
struct lanes_spawn {
  const char *program;
  char *const *arguments;
  /// What /bin/sh gets where `program` cannot be executed; NULL: that is a failure.
  char *const *shell_arguments;
  char *const *environment;
  const char *directory;
  /// Opened for appending and made (0600) if missing, for standard output and error.
  const char *output;
  /// Opened as standard input; NULL: `input_descriptor` is used.
  const char *input;
  int input_descriptor;
  /// The soft limit of open files that the child gets; 0: that of this process.
  uint64_t open_files;
  /// The signals whose default disposition the child gets back, bit N - 1 for signal N.
  uint64_t default_signals;
  /// Where the process notes its number just before it runs its program; NULL: nowhere.
  int32_t *announced;

  pid_t pid;
  /// Readable when the process ends; closed on exec.
  int pidfd;
  /// CLOCK_BOOTTIME just before and just after the process began, nanoseconds.
  int64_t earliest_start, latest_start;
  /// Not 0 from the call until the program runs or the process has failed.
  int is_busy;
  /// Why there is no program, once `is_busy` is 0: `step` failed with this errno.
  enum lanes_spawn_step step;
  int error;
  _Alignas(16) char stack[16 * 1024];
};

/// Starts a program in a session of its own, with default signals and only descriptors 0 to 2.
///
/// The session keeps the terminal out of its reach, and the kernel from ending it: when the parent of a
/// process group in the same session dies, what is stopped in the group gets SIGHUP and SIGCONT.
///
/// Returns 0 as soon as there is a process, or -1 with `step` and `error` set when there is none. What
/// fails later ends the process with status 127, and `step` and `error` are set then.
int lanes_spawn_start(struct lanes_spawn *spawn);

/// Whether the program does not run yet.
int lanes_spawn_is_busy(struct lanes_spawn *spawn);

/// Waits until the program runs or the process has failed; it takes a fraction of a millisecond.
void lanes_spawn_wait(struct lanes_spawn *spawn);

/// The nanoseconds of a time; Swift sees the fields of `struct timespec` in a module that is not for
/// import.
static inline int64_t lanes_nanoseconds(struct timespec time) {
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/// What a clock shows, in nanoseconds.
static inline int64_t lanes_clock_nanoseconds(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return lanes_nanoseconds(time);
}

/// The processor time of a usage, in user and in system mode together, in microseconds.
static inline int64_t lanes_cpu_microseconds(struct rusage usage) {
  return ((int64_t)usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000 +
         usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

/// A file without a name in memory, closed on exec; -1 and errno on error.
int lanes_memory_file(void);

/// Takes an exclusive lock that lasts until the last copy of `descriptor` is closed, in any process.
///
/// Waits for it when `waits` is not 0. Returns 0, or -1 and errno (EWOULDBLOCK: somebody has it).
int lanes_lock_file(int descriptor, int waits);

/// Keeps room on the disk for a part of a file that may lie behind its end; -1 and errno on error.
int lanes_reserve(int descriptor, int64_t offset, int64_t count);

/// Lets no program that is started have descriptors from `first` on.
void lanes_close_on_exec(int first);

/// Remembers a terminal's modes, to be put back when the program ends in any way, a fault included.
///
/// Swift runs nothing of its own when it traps, so handlers of the signals that faults raise do it. What
/// is written to standard error meanwhile is kept, if it is a terminal, and comes out afterwards.
/// Returns -1 and errno when it is no terminal. For one thread and one terminal at a time.
int lanes_guard_terminal(int terminal);

/// What is to be written to the guarded terminal before its modes are put back; at most 512 bytes.
void lanes_guard_bytes(const char *bytes, size_t count);

/// Puts the guarded terminal back now; does nothing when there is none.
void lanes_release_terminal(void);

/// The size of a terminal; -1 when it has none.
int lanes_terminal_size(int terminal, int *columns, int *rows);

/// Lets Ctrl-Z stop this process again, by the calling thread, once no view reads its signal.
void lanes_follow_job_control(void);

/// Stops this process as Ctrl-Z does and returns when it goes on; at once where nobody could continue
/// it.
void lanes_stop_here(void);

#endif
