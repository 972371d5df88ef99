// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Waits until a file or its folder changes (inotify(7)), a time has passed, or it is woken.
///
/// Where inotify is not to be had (limits, some network file systems), it waits in short steps instead.
struct FolderWatch: ~Copyable {
  private let notifier: Int32
  private let wake: WakeDescriptor
  private var works: Bool

  /// - Parameter wake: what ends every wait from outside.
  init(wake: WakeDescriptor) {
    notifier = inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))
    self.wake = wake
    works = notifier >= 0
  }

  deinit { if notifier >= 0 { close(notifier) } }

  /// Watches a file for writes and its folder for new names; to be called again when the path names another file.
  mutating func watch(_ path: String) {
    let folder = path.split(separator: "/").dropLast().joined(separator: "/")
    let inFolder = inotify_add_watch(
      notifier, "/" + folder, UInt32(IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM))
    let onFile = inotify_add_watch(notifier, path, UInt32(IN_MODIFY))
    works = inFolder >= 0 && (onFile >= 0 || errno == ENOENT)
  }

  /// Returns false when woken.
  func wait() -> Bool {
    // A slow look even when all is watched: a log behind a symbolic link rotates in another folder.
    let milliseconds: Int32 = works ? 2000 : 250
    var descriptors = [
      pollfd(fd: wake.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: notifier, events: Int16(POLLIN), revents: 0),
    ]
    guard poll(&descriptors, 2, milliseconds) > 0 else { return true }
    guard descriptors[0].revents == 0 else { return false }
    var events: [UInt8] = Array(repeating: 0, count: 4096)
    while read(notifier, &events, events.count) > 0 {}
    // A busy log would wake us for each of its lines: let some gather.
    return pause(milliseconds: 50)
  }

  /// Returns false when woken.
  func pause(milliseconds: Int32) -> Bool {
    var descriptor = pollfd(fd: wake.descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&descriptor, 1, milliseconds) <= 0
  }
}
