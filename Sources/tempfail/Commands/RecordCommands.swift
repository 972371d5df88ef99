// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Configuration
import Glibc
import Guidance
import MailServer
import Server

struct RecordCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record",
    abstract: "Record what the server reports in a file, for a bug report.",
    discussion: """
      Reads the queue, the log, the connections and the load as the dashboard does, and writes the \
      answers with their times. It changes nothing. Login names and the part of mail addresses before \
      the @ are replaced by letters; domains, hosts, IP addresses and replies are kept. Messages are \
      not opened, and no checks are run. \
      Only the owner can read the file, and an existing file is never overwritten. Ctrl-C stops early.

      Examples:
        tempfail record fault.record
        tempfail record --seconds 600 --mta exim fault.record
      """)

  @Argument(help: "The file to write; it must not exist yet.")
  var file: String

  @Option(help: "How long to record.")
  var seconds = 60

  @Option(help: ArgumentHelp("Stop at this size, in MiB.", valueName: "mib"))
  var limit = 64

  @Flag(help: "Do not mask mail addresses.")
  var keepAddresses = false

  @OptionGroup var server: ServerOptions

  func validate() throws {
    guard (1...86_400).contains(seconds) else {
      throw ValidationError("--seconds must be 1 to 86400, not \(seconds).")
    }
    guard (1...4096).contains(limit) else {
      throw ValidationError("--limit must be 1 to 4096 MiB, not \(limit).")
    }
  }

  func run() throws {
    let configuration = try Configuration.load(server)
    configuration.complainOfFaults()
    let local = LocalHost()
    let writer: RecordWriter
    do throws(StateFailure) {
      writer = try RecordWriter(
        file, of: local, keepsAddresses: keepAddresses, limit: limit << 20)
    } catch {
      throw Failure(error)
    }
    let host = RecordingHost(local, writer: writer)
    complain(
      "recording for \(seconds) s to \(file); "
        + (keepAddresses ? "addresses are not masked." : "addresses are masked."))
    let seconds = seconds
    // Also while the mail server is looked for: what was recorded until then is kept.
    Interruption.note()
    let failure = waitFor { () async -> SourceFailure? in
      do throws(SourceFailure) {
        let system = try await Discovery.find(
          on: host, mta: configuration.chosenMTA, logs: configuration.log)
        await Self.watch(host, system, writer, seconds: seconds)
        return nil
      } catch {
        return error
      }
    }
    if let failure { throw Failure(failure.problem, status: failure.exitStatus) }
    if let failure = writer.failure { throw Failure(failure) }
    complain(
      writer.isFull
        ? "\(file) has reached \(limit) MiB and was closed: \(writer.count) answers."
        : "\(file): \(writer.count) answers. Open it with: tempfail replay \(ShellWord.quoted(file))"
    )
  }

  private static func watch(
    _ host: some Host, _ system: MailSystem, _ writer: RecordWriter, seconds: Int
  ) async {
    let monitor = Monitor(host: host, system: system) { _ in }
    let end = ContinuousClock.now + .seconds(seconds)
    while .now < end, !writer.isFull, writer.failure == nil, !Interruption.came {
      await Pause.wait(.milliseconds(100))
    }
    await monitor.stop()
  }
}

struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay",
    abstract: "The dashboard on a recording, read-only.",
    discussion: """
      The key , pauses and resumes; . steps to the next recorded answer; } and { make it faster and \
      slower.

      Examples:
        tempfail replay fault.record
        tempfail replay --speed 10 fault.record
      """)

  @Argument(help: "A file written by tempfail record.")
  var file: String

  @Option(help: "The speed; 1 is real time.")
  var speed = 1.0

  @OptionGroup var server: ServerOptions
  @OptionGroup var screen: ScreenOptions
  @OptionGroup var text: TextOptions

  func validate() throws {
    guard (0.1...100).contains(speed) else {
      throw ValidationError("--speed must be 0.1 to 100, not \(speed).")
    }
  }

  func run() throws {
    guard let host = ReplayHost(try Input.bytes(of: file), speed: speed) else {
      throw Failure("\(file) was not written by tempfail record.", status: Failure.usage)
    }
    if host.damagedLines > 0 {
      complain("\(file): \(host.damagedLines) damaged lines skipped.")
    }
    let settings = try EffectiveSettings(server, screen)
    if let status = try text.run(host, settings, isDemo: false) { Glibc.exit(status) }
    Glibc.exit(
      try MainLoop(
        host: host, settings: settings, isDemo: false, makeOperation: nil, replay: host
      ).run())
  }
}
