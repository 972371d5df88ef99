// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

// What is known of this build when it is made, and not before. A file of its own in C, so that another
// commit compiles nothing else.

#ifndef TEMPFAIL_CBUILD_H
#define TEMPFAIL_CBUILD_H

// The commit that this was built from, with a plus behind it where the tree was changed; empty where
// that was not said.
const char *tempfail_commit(void);

#endif
