// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE

#include "cspawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/fsuid.h>
#include <unistd.h>

int tf_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

static int describe(posix_spawn_file_actions_t *actions, posix_spawnattr_t *attributes, int input,
                    int output, int complaint, bool keeps_input) {
  sigset_t every, none;
  sigfillset(&every);
  sigemptyset(&none);
  int first_closed = STDERR_FILENO + 1;
  int code = input < 0
                 ? posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
                 : posix_spawn_file_actions_adddup2(actions, input, STDIN_FILENO);
  if (!code) code = posix_spawn_file_actions_adddup2(actions, output, STDOUT_FILENO);
  if (!code) code = posix_spawn_file_actions_adddup2(actions, complaint, STDERR_FILENO);
  if (!code && keeps_input)
    code = posix_spawn_file_actions_adddup2(actions, STDIN_FILENO, first_closed++);
  if (!code) code = posix_spawn_file_actions_addclosefrom_np(actions, first_closed);
  // What we ignore or block, for our own sake, is not the child's.
  if (!code) code = posix_spawnattr_setsigdefault(attributes, &every);
  if (!code) code = posix_spawnattr_setsigmask(attributes, &none);
  if (!code) code = posix_spawnattr_setpgroup(attributes, 0);
  if (!code)
    code = posix_spawnattr_setflags(
        attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  return code;
}

int tf_spawn(pid_t *process, const char *path, char *const arguments[], char *const environment[],
             int input, int output, int complaint, bool keeps_input) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  int code = posix_spawn_file_actions_init(&actions);
  if (code) return code;
  code = posix_spawnattr_init(&attributes);
  if (!code) {
    code = describe(&actions, &attributes, input, output, complaint, keeps_input);
    if (!code) code = posix_spawn(process, path, &actions, &attributes, arguments, environment);
    posix_spawnattr_destroy(&attributes);
  }
  posix_spawn_file_actions_destroy(&actions);
  return code;
}

bool tf_touch_files_as(uid_t user, gid_t group) {
  setfsgid(group);
  setfsuid(user);
  // They tell the identity before, and change nothing for a number that nobody has.
  return (gid_t)setfsgid((gid_t)-1) == group && (uid_t)setfsuid((uid_t)-1) == user;
}
