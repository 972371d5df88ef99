// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

#include "cterminal.h"

int tf_placeholder(void) { return 0; }
