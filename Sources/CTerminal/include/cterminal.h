// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

#ifndef TEMPFAIL_CTERMINAL_H
#define TEMPFAIL_CTERMINAL_H

int tf_placeholder(void);

#endif
