// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

// What is known of this build when it is made, and not before. A separate file in C, so that another
// commit compiles nothing else.

#ifndef TEMPFAIL_CBUILD_H
#define TEMPFAIL_CBUILD_H

// The commit that this was built from, with a plus behind it where the tree was changed; empty if
// that was not said.
const char *tempfail_commit(void);

// The arguments that this process was started with, its name among them. Swift's own CommandLine reads /proc, and
// without one (a chroot, a rescue system) it has none: then "watch" would open the dashboard that can act.
int tempfail_argument_count(void);

// Null if there is none of that number.
const char *tempfail_argument(int index);

#endif
