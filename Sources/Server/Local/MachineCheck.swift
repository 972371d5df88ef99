// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import CSpawn
import Glibc

/// Whether the system gives this process what nothing works without.
///
/// Swift's own runtime waits for ever for a thread that cannot be started, and libdispatch ends the process, without a word,
/// where it has no descriptor for its clocks or to look at its threads. So these are checked before they are needed.
package enum MachineCheck {
  /// Threads that must be to be had at a time.
  private static let threads = 6
  /// Descriptors that must be free at the start: more than all that Tempfail has open at a time.
  private static let descriptors = 48

  /// What is missing, in words, or nil.
  package static func problem() -> String? { threadProblem() ?? descriptorProblem() }

  private static func threadProblem() -> String? {
    var threads: [pthread_t] = []
    defer { for thread in threads { pthread_join(thread, nil) } }
    for _ in 0..<Self.threads {
      var thread = pthread_t()
      let wait: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { _ in
        usleep(300)
        return nil
      }
      let code = pthread_create(&thread, nil, wait, nil)
      if code == 0 {
        threads.append(thread)
        continue
      }
      return "No thread can be started: \(String(cString: strerror(code))).\n"
        + "Check the process and memory limits (ulimit -u, ulimit -v) and those of the container."
    }
    return nil
  }

  private static func descriptorProblem() -> String? {
    if tf_try_clocks() != 0 { return words(errno) }
    var opened: [Int32] = []
    defer { for descriptor in opened { close(descriptor) } }
    var hasRaised = false
    while opened.count < descriptors {
      let descriptor = open("/", O_RDONLY | O_CLOEXEC)
      if descriptor >= 0 {
        opened.append(descriptor)
      } else if errno == EMFILE, !hasRaised, raiseLimit() {
        hasRaised = true
      } else if [EMFILE, ENFILE, ENOMEM].contains(errno) {
        return words(errno)
      } else {
        return nil
      }
    }
    return nil
  }

  /// Takes as many as the administrator allows; false where that is no more.
  private static func raiseLimit() -> Bool {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return false }
    let allowed = min(limit.rlim_max, 1024)
    guard limit.rlim_cur < allowed else { return false }
    limit.rlim_cur = allowed
    return setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
  }

  private static func words(_ code: Int32) -> String {
    let reason = String(cString: strerror(code))
    return code == ENFILE
      ? "The system is out of file descriptors: \(reason).\nCheck fs.file-nr and fs.file-max (sysctl)."
      : "Not enough file descriptors: \(reason).\n"
        + "\(descriptors) must be free: check the limit (ulimit -n)."
  }
}
