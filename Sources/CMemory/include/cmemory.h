// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

// What Swift has no word for.

#ifndef TEMPFAIL_CMEMORY_H
#define TEMPFAIL_CMEMORY_H

// Asks memory for the bytes at an address without waiting for them. Any address will do: it is a hint.
void tempfail_prefetch(const void *address);

#endif
