// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

#include "cbuild.h"

#define TEXT(value) #value
#define TEXT_OF(value) TEXT(value)

#ifndef TEMPFAIL_COMMIT
#define TEMPFAIL_COMMIT
#endif

const char *tempfail_commit(void) { return TEXT_OF(TEMPFAIL_COMMIT); }
