// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

// Signals: those that ask become bytes in a pipe, those that crash put the terminal right first.

#ifndef TEMPFAIL_SIGNALS_H
#define TEMPFAIL_SIGNALS_H

#include <stddef.h>

// Saves the terminal's modes and the handlers in force, and installs ours.
void tf_signals_install(void);

// The bytes that put the terminal right; they must stay where they are.
void tf_signals_rescue_with(const char *bytes, size_t count);

void tf_signals_restore(void);

// Stops the process group as Ctrl-Z does; returns when it goes on.
void tf_signals_stop(void);

#endif
