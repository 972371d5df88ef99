// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import Configuration
import Dashboard
import MailServer

/// The configuration, with what it names looked up: its theme and its keys.
struct EffectiveSettings {
  private(set) var configuration: Configuration
  /// The user's file, whether it is there or not; nil if there is no home.
  let userPath: String?
  let shelf = ThemeShelf()
  let theme: Theme
  let keymap: Keymap

  /// Loads everything; what is wrong in files and variables is among the configuration's faults.
  ///
  /// - Throws: what is wrong on the command line.
  init(_ server: ServerOptions, _ screen: ScreenOptions) throws(Failure) {
    configuration = try Configuration.load(server, screen)
    userPath = Configuration.userPath(server)
    let keys = configuration[.keys]
    var faults: [Keymap.Fault] = []
    keymap = Keymap(
      overrides: keys.mapValues { if case .list(let labels) = $0.value { labels } else { [] } },
      faults: &faults)
    for fault in faults {
      guard case .file(let path, let line)? = keys[fault.name]?.origin else { continue }
      configuration.note(Diagnostic(file: path, line: line, message: fault.message))
    }
    do throws(Diagnostic) {
      theme = try shelf.theme(configuration.theme)
    } catch {
      if screen.theme != nil { throw Failure(error.description, status: Failure.usage) }
      var fault = error
      if case .file(let path, let line) = configuration[.theme].origin, error.file == "theme" {
        fault = Diagnostic(file: path, line: line, message: error.message)
      }
      configuration.note(fault)
      theme = ThemeFile.embedded(ThemeFile.names[0]) ?? Theme(name: "plain", styles: [:])
    }
  }

  /// The user's own filters, by name.
  var filters: [String: String] {
    configuration[.filters].compactMapValues {
      if case .list(let texts) = $0.value { texts.joined(separator: " ") } else { nil }
    }
  }

  /// What the dashboard says of faults when it opens.
  var notice: String? {
    guard let first = configuration.faults.first else { return nil }
    let more = configuration.faults.count - 1
    return more == 0 ? "\(first)" : "\(first) (and \(more) more: tempfail config)"
  }
}

extension QueueQuery {
  /// How the queue is shown at first.
  init(_ configuration: Configuration) {
    self.init()
    sort = Column(rawValue: configuration.queueSort) ?? sort
    descending = configuration.queueIsDescending
    grouping =
      configuration.showsHeatMap
      ? .destination : configuration.queueGroup.flatMap(Grouping.init)
  }
}
