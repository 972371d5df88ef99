// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0
//
// What Swift's Glibc module does not show of spawn.h(0), unistd.h(0), sys/fsuid.h, sys/epoll.h and its like.

#ifndef CSPAWN_H
#define CSPAWN_H

#include <stdbool.h>
#include <sys/types.h>

// A pipe that no child inherits on its own. 0, or -1 with the reason in errno.
int tf_pipe(int ends[2]);

// Opens what libdispatch opens for its clocks (an epoll instance, an eventfd, a timerfd) and closes it again. 0, or -1 with the
// reason in errno.
int tf_try_clocks(void);

// Starts a program in its own process group, every signal at its default.
//
// It gets three descriptors as its standard streams and no other one of ours; a negative input stands for
// nothing to read. With `keeps_input` it has its input as descriptor 3 too. 0, or the reason as in errno.
int tf_spawn(pid_t *process, const char *path, char *const arguments[], char *const environment[],
             int input, int output, int complaint, bool keeps_input);

// From now on this thread touches files as another user does. False where that is not so.
bool tf_touch_files_as(uid_t user, gid_t group);

#endif
