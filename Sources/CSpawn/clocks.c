// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE

#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "cspawn.h"

int tf_try_clocks(void) {
  int opened[] = {
    epoll_create1(EPOLL_CLOEXEC),
    eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
    timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK),
  };
  int reason = errno;
  int result = 0;
  for (unsigned i = 0; i < sizeof opened / sizeof *opened; i++) {
    if (opened[i] < 0)
      result = -1;
    else
      close(opened[i]);
  }
  errno = reason;
  return result;
}
