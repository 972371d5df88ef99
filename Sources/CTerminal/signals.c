// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE

#include "signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "cterminal.h"

// How long after a signal that ends the program the screen may stay up: tf_close ends the wait.
#define PATIENCE_SECONDS 1
// How long where something is in progress that must come to its end first.
#define LAST_PATIENCE_SECONDS 125

static const int ending[] = {SIGTERM, SIGINT, SIGQUIT, SIGHUP};
static const int asking[] = {SIGWINCH, SIGTSTP, SIGCONT};
static const int crashing[] = {SIGILL, SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGTRAP};
#define COUNT(array) (sizeof array / sizeof *array)

static bool installed;
static int signal_pipe[2] = {-1, -1};
static struct termios saved_modes;
static struct sigaction saved_actions[NSIG];
static const char *rescue_bytes;
static size_t rescue_count;
static volatile sig_atomic_t ending_signal;
static volatile sig_atomic_t stopping;
// Reports that the terminal is stuck at the end; -1 if nobody wants to know.
static int stuck_pipe[2] = {-1, -1};
static volatile sig_atomic_t stuck;
static void *crash_stack;
static stack_t saved_stack;

static void tell(int number) {
  if (number == SIGCONT && stopping) return;  // tf_signals_stop sees this one itself
  int saved = errno;
  unsigned char byte = (unsigned char)number;
  // A full pipe is enough.
  (void)!write(signal_pipe[1], &byte, 1);
  errno = saved;
}

static void end(int number) {
  ending_signal = number;
  // A terminal that does not read keeps the main thread in write(2), where it cannot see the pipe.
  // What is given time to end keeps it, but for Ctrl-C.
  if (!stuck || number == SIGINT) alarm(PATIENCE_SECONDS);
  tell(number);
}

// Async-signal-safe: endwin is not. The write must not block, or the crash would hang.
static void rescue(void) {
  int flags = fcntl(STDOUT_FILENO, F_GETFL);
  fcntl(STDOUT_FILENO, F_SETFL, flags | O_NONBLOCK);
  (void)!write(STDOUT_FILENO, rescue_bytes, rescue_count);
  fcntl(STDOUT_FILENO, F_SETFL, flags);
  tcsetattr(STDIN_FILENO, TCSANOW, &saved_modes);
}

static void give_up(int number) {
  (void)number;
  if (stuck_pipe[1] >= 0 && !stuck) {
    stuck = 1;
    alarm(LAST_PATIENCE_SECONDS);
    (void)!write(stuck_pipe[1], "", 1);
    return;
  }
  rescue();
  _exit(128 + ending_signal);
}

int tf_stuck_descriptor(void) {
  if (stuck_pipe[0] < 0) (void)!pipe2(stuck_pipe, O_NONBLOCK | O_CLOEXEC);
  return stuck_pipe[0];
}

void tf_end_stuck(void) {
  // The screen was closed in the meantime: then the program ends on its own.
  if (!installed) return;
  rescue();
  _exit(128 + ending_signal);
}

static void crash(int number) {
  rescue();
  sigaction(number, &saved_actions[number], NULL);
  raise(number);  // taken when this handler returns, by whoever had it before
}

static void handle(int number, void (*handler)(int), int flags) {
  struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
  sigemptyset(&action.sa_mask);
  sigaction(number, NULL, &saved_actions[number]);
  // nohup(1) and shells without job control ignore some on purpose.
  bool ignored = saved_actions[number].sa_handler == SIG_IGN;
  if (ignored && (number == SIGHUP || number == SIGINT || number == SIGQUIT)) return;
  sigaction(number, &action, NULL);
}

void tf_signals_install(void) {
  if (installed || pipe2(signal_pipe, O_NONBLOCK | O_CLOEXEC) != 0) return;
  tcgetattr(STDIN_FILENO, &saved_modes);
  // A stack overflow leaves no room for its own handler.
  crash_stack = malloc(SIGSTKSZ);
  if (crash_stack != NULL) {
    stack_t stack = {.ss_sp = crash_stack, .ss_size = SIGSTKSZ};
    sigaltstack(&stack, &saved_stack);
  }
  for (size_t i = 0; i < COUNT(ending); i++) handle(ending[i], end, SA_RESTART);
  for (size_t i = 0; i < COUNT(asking); i++) handle(asking[i], tell, SA_RESTART);
  for (size_t i = 0; i < COUNT(crashing); i++) handle(crashing[i], crash, SA_ONSTACK);
  handle(SIGALRM, give_up, 0);
  installed = true;
}

void tf_signals_rescue_with(const char *bytes, size_t count) {
  rescue_bytes = bytes;
  rescue_count = count;
}

void tf_signals_restore(void) {
  if (!installed) return;
  installed = false;
  alarm(0);
  for (size_t i = 0; i < COUNT(ending); i++) sigaction(ending[i], &saved_actions[ending[i]], NULL);
  for (size_t i = 0; i < COUNT(asking); i++) sigaction(asking[i], &saved_actions[asking[i]], NULL);
  for (size_t i = 0; i < COUNT(crashing); i++)
    sigaction(crashing[i], &saved_actions[crashing[i]], NULL);
  sigaction(SIGALRM, &saved_actions[SIGALRM], NULL);
  if (crash_stack != NULL) sigaltstack(&saved_stack, NULL);
  free(crash_stack);
  crash_stack = NULL;
  close(signal_pipe[0]);
  close(signal_pipe[1]);
  signal_pipe[0] = signal_pipe[1] = -1;
}

int tf_signal_descriptor(void) { return signal_pipe[0]; }

void tf_signals_stop(void) {
  struct sigaction saved;
  struct sigaction standard = {.sa_handler = SIG_DFL};
  sigaction(SIGTSTP, &standard, &saved);
  stopping = 1;
  // SIGTSTP by its default action, not SIGSTOP: the kernel drops it in an orphaned process group
  // (ssh -t host tempfail), where nobody could continue us.
  kill(0, SIGTSTP);
  stopping = 0;
  sigaction(SIGTSTP, &saved, NULL);
}
