// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

// What Swift has no word for.

#ifndef TEMPFAIL_CMEMORY_H
#define TEMPFAIL_CMEMORY_H

#include <stdint.h>
#include <string.h>

// Asks memory for the bytes at an address without waiting for them. Any address will do: it is a hint.
void tempfail_prefetch(const void *address);

// Which of the 64 bytes at an address are `byte`, a bit for each, the lowest for the first: for processors
// that have no instruction for it.
static inline uint64_t tempfail_matches_portable(const void *bytes, uint8_t byte) {
  const uint64_t low = 0x7F7F7F7F7F7F7F7F;
  uint64_t matches = 0;
  for (int place = 0; place < 64; place += 8) {
    uint64_t word;
    memcpy(&word, (const char *)bytes + place, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    // Bytes that are wanted become 0. Of these and of no others the high bit is set next (Hacker's
    // Delight, 6-1), and the product gathers the high bits in its highest byte.
    word ^= (uint64_t)byte * 0x0101010101010101;
    word = ~((((word & low) + low) | word) | low);
    matches |= (word >> 7) * 0x0102040810204080 >> 56 << place;
  }
  return matches;
}

// The same, as fast as the processor can. Here, as only what is in a header goes into the loops of Swift.
static inline uint64_t tempfail_matches(const void *bytes, uint8_t byte) {
#ifdef __SSE2__
  typedef char block __attribute__((vector_size(16)));
  uint64_t matches = 0;
  const block wanted = (block){0} + (char)byte;
  for (int place = 0; place < 64; place += 16) {
    block found;
    memcpy(&found, (const char *)bytes + place, 16);
    const block equal = (block)(found == wanted);
    matches |= (uint64_t)(uint16_t)__builtin_ia32_pmovmskb128(equal) << place;
  }
  return matches;
#else
  return tempfail_matches_portable(bytes, byte);
#endif
}

#endif
