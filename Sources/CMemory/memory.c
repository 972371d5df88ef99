// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

#include "cmemory.h"

void tempfail_prefetch(const void *address) { __builtin_prefetch(address); }
