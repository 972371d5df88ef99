// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0
