#define _GNU_SOURCE
#include "CLinux.h"

#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

enum { longest_restore = 512, longest_message = 65536 };

// A handler has nothing but globals to go by. The view's thread alone writes them, before `armed`.
static struct {
  volatile sig_atomic_t armed;
  int terminal;
  int kept_errors;
  int errors;
  pid_t owner;
  size_t length;
  char bytes[longest_restore];
  struct termios modes;
} guard = {.kept_errors = -1, .errors = -1};

static const int fatal_signals[] = {SIGILL, SIGTRAP, SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGSYS, SIGQUIT};
enum { fatal_count = sizeof fatal_signals / sizeof *fatal_signals };
static struct sigaction before[fatal_count];

static void write_all(int descriptor, const char *bytes, size_t count) {
  while (count > 0) {
    ssize_t written = write(descriptor, bytes, count);
    if (written <= 0) return;
    bytes += written;
    count -= (size_t)written;
  }
}

// What was written to standard error while it was kept away from the screen.
static void release_errors(void) {
  if (guard.kept_errors < 0) return;
  dup2(guard.errors, 2);
  char buffer[1024];
  off_t offset = 0;
  ssize_t count;
  while (offset < longest_message &&
         (count = pread(guard.kept_errors, buffer, sizeof buffer, offset)) > 0) {
    write_all(2, buffer, (size_t)count);
    offset += count;
  }
}

static void restore(void) {
  if (!guard.armed || guard.owner != getpid()) return;
  guard.armed = 0;
  write_all(guard.terminal, guard.bytes, guard.length);
  tcsetattr(guard.terminal, TCSADRAIN, &guard.modes);
  release_errors();
}

static void die(int number) {
  int was_armed = guard.armed;
  restore();
  static const char words[] =
      "lanes: the program ended by a fault of its own; its tasks go on, and `lanes resume` takes the "
      "run up\n";
  if (was_armed) write_all(2, words, sizeof words - 1);
  for (int i = 0; i < fatal_count; i++) {
    if (fatal_signals[i] == number) sigaction(number, &before[i], NULL);
  }
  struct sigaction standard = {.sa_handler = SIG_DFL};
  sigaction(number, &standard, NULL);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, number);
  pthread_sigmask(SIG_UNBLOCK, &set, NULL);
  raise(number);
}

static void do_nothing(int number) { (void)number; }

// Curses ignores SIGTSTP while it draws, which discards one that waits to be read, but leaves a signal
// alone that somebody else handles.
static void keep_stop_signal(void) {
  struct sigaction action = {.sa_handler = do_nothing, .sa_flags = SA_RESTART};
  sigaction(SIGTSTP, &action, NULL);
}

static void keep_errors(void) {
  if (!isatty(2)) return;
  guard.kept_errors = memfd_create("lanes-errors", MFD_CLOEXEC);
  guard.errors = fcntl(2, F_DUPFD_CLOEXEC, 3);
  if (guard.kept_errors >= 0 && guard.errors >= 0) dup2(guard.kept_errors, 2);
}

int lanes_guard_terminal(int terminal) {
  static int is_prepared;
  guard.armed = 0;
  guard.terminal = terminal;
  guard.owner = getpid();
  guard.length = 0;
  if (tcgetattr(terminal, &guard.modes) != 0) return -1;
  if (!is_prepared) {
    is_prepared = 1;
    struct sigaction action = {.sa_handler = die};
    sigfillset(&action.sa_mask);
    for (int i = 0; i < fatal_count; i++) sigaction(fatal_signals[i], &action, &before[i]);
    atexit(restore);
    keep_stop_signal();
  }
  guard.armed = 1;
  keep_errors();
  return 0;
}

void lanes_guard_bytes(const char *bytes, size_t count) {
  if (count > longest_restore) count = longest_restore;
  guard.length = 0;
  memcpy(guard.bytes, bytes, count);
  guard.length = count;
}

void lanes_release_terminal(void) {
  if (!guard.armed) return;
  restore();
  if (guard.kept_errors >= 0) close(guard.kept_errors);
  if (guard.errors >= 0) close(guard.errors);
  guard.kept_errors = guard.errors = -1;
}

int lanes_terminal_size(int terminal, int *columns, int *rows) {
  struct winsize size;
  if (ioctl(terminal, TIOCGWINSZ, &size) != 0 || !size.ws_col || !size.ws_row) return -1;
  *columns = size.ws_col;
  *rows = size.ws_row;
  return 0;
}

void lanes_follow_job_control(void) {
  struct sigaction standard = {.sa_handler = SIG_DFL};
  sigaction(SIGTSTP, &standard, NULL);
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTSTP);
  pthread_sigmask(SIG_UNBLOCK, &stop, NULL);
}

void lanes_stop_here(void) {
  sigset_t stop, previous;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTSTP);
  struct sigaction standard = {.sa_handler = SIG_DFL}, handler;
  sigaction(SIGTSTP, &standard, &handler);
  // Before it is let through, so that it and one that waits already stop once: going on clears both.
  raise(SIGTSTP);
  pthread_sigmask(SIG_UNBLOCK, &stop, &previous);
  pthread_sigmask(SIG_SETMASK, &previous, NULL);
  sigaction(SIGTSTP, &handler, NULL);
}
