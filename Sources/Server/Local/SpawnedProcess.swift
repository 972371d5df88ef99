// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import CSpawn
import Glibc

/// A child made by posix_spawn(3): an executable and an argument array, never a shell.
///
/// Where the system has no descriptor, memory or process left, that is a failure like any other. The child
/// leads its own process group, so that the terminal's keys do not reach it and the whole group can be
/// ended. It has its standard streams and no other descriptor of ours but the one it is given to keep.
///
/// Everything here blocks: for threads of `BlockingThread`.
struct SpawnedProcess: ~Copyable {
  /// Its number and that of its group; not used again before `reap`.
  let number: pid_t
  let output: OpenDescriptor
  let complaint: OpenDescriptor

  /// Starts a command.
  ///
  /// - Parameters:
  ///   - environment: the whole of it.
  ///   - input: what becomes its standard input, from where it is; nil for nothing to read.
  ///   - keepsInput: whether it gets the input as descriptor 3 too, which a program keeps that closes or
  ///     replaces its standard input. What is locked by `flock` then stays so for as long as it runs.
  init(
    _ command: Invocation, environment: [String: String], input: Int32? = nil,
    keepsInput: Bool = false
  ) throws(HostFailure) {
    let output = try Pipe()
    let complaint = try Pipe()
    let arguments = try CStrings([command.executable] + command.arguments)
    let variables = try CStrings(environment.map { "\($0)=\($1)" })
    var process = pid_t()
    var code: Int32 = 0
    for _ in 0..<10 {
      code = tf_spawn(
        &process, command.executable, arguments.pointers, variables.pointers, input ?? -1,
        output.writing.number, complaint.writing.number, keepsInput)
      // Whoever wrote the program has it open still, or a child of his for a moment (execve(2)).
      guard code == ETXTBSY else { break }
      usleep(20_000)
    }
    guard code == 0 else { throw Self.failure(code, command) }
    number = process
    self.output = output.takeReading()
    self.complaint = complaint.takeReading()
    // Refused by the kernel for a set-user-ID child of a normal user: then it runs as it is.
    if command.isHeavy {
      _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), id_t(process), 10)
    }
  }

  /// Sends a signal to its whole group; only before `reap`.
  func signal(_ signal: Int32) { kill(-number, signal) }

  /// Whether it has ended; its number stays taken until `reap`.
  var hasEnded: Bool {
    var information = siginfo_t()
    let code = waitid(P_PID, id_t(number), &information, WEXITED | WNOHANG | WNOWAIT)
    // ECHILD: somebody else took its status.
    return code == 0 ? information.si_signo != 0 : errno == ECHILD
  }

  /// The exit status, or 128 + the signal that ended it; nil if it still runs or the status was lost.
  func reap() -> Int32? {
    var status: Int32 = 0
    guard waitpid(number, &status, WNOHANG) == number else { return nil }
    let signal = status & 0x7F
    return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
  }

  private static func failure(_ code: Int32, _ command: Invocation) -> HostFailure {
    switch code {
    case ENOENT where access(command.executable, F_OK) != 0: .missing(command.executable)
    case EACCES: .notPermitted(command.executable)
    default:
      .failed("\(command.executable) could not be started: \(String(cString: strerror(code)))")
    }
  }
}

extension Pipe {
  /// Closes our copy of the end that the child writes to.
  fileprivate consuming func takeReading() -> OpenDescriptor { reading }
}

/// An array of C strings, ended by a null pointer.
private struct CStrings: ~Copyable {
  let pointers: [UnsafeMutablePointer<CChar>?]

  init(_ texts: [String]) throws(HostFailure) {
    // A NUL would cut an argument short.
    guard !texts.contains(where: { $0.utf8.contains(0) }) else {
      throw .failed("an argument contains a NUL byte")
    }
    let copies = texts.map { strdup($0) }
    guard !copies.contains(nil) else {
      for copy in copies { free(copy) }
      throw .failed("out of memory")
    }
    pointers = copies + [nil]
  }

  deinit { for pointer in pointers { free(pointer) } }
}
