// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

#include "cbuild.h"

static int count;
static char **values;

// The dynamic loader of glibc, and its start code in a static binary, hand these to what runs before main.
__attribute__((constructor)) static void keep_arguments(int argc, char **argv) {
  count = argc;
  values = argv;
}

int tempfail_argument_count(void) { return values ? count : 0; }

const char *tempfail_argument(int index) {
  return index >= 0 && index < tempfail_argument_count() ? values[index] : 0;
}
