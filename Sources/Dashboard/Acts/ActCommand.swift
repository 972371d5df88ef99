// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

extension Act {
  /// The command as it will run, for people to read.
  ///
  /// `postsuper` reads the queue IDs on standard input and Exim takes them as arguments, both up to
  /// 500 at a time; a retry is made message by message.
  ///
  /// - Parameters:
  ///   - count: how many messages, of which `id` is the first.
  ///   - exim: the name by which Exim is run.
  func command(_ mta: MTA, _ id: QueueID, count: Int, exim: String = "exim") -> String {
    let first = id.text
    let all = count == 1 ? first : "ID…"
    let many = count == 1 ? "" : "   (\(Format.count(count)) IDs)"
    let input =
      "   (\(count == 1 ? first : "\(Format.count(count)) IDs") on standard input)"
    return switch (mta, self) {
    case (.exim, .retry): "\(exim) -M \(first)\(count == 1 ? "" : "   (then the others)")"
    case (.exim, .hold): "\(exim) -Mf \(all)\(many)"
    case (.exim, .release): "\(exim) -Mt \(all)\(many)"
    case (.exim, .remove): "\(exim) -Mrm \(all)\(many)"
    case (.exim, .bounce): "\(exim) -Mg \(all)\(many)"
    case (.postfix, .retry): "postqueue -i \(first)\(count == 1 ? "" : "   (then the others)")"
    case (.postfix, .hold): "postsuper -h -\(input)"
    case (.postfix, .release): "postsuper -H -\(input)"
    case (.postfix, .remove): "postsuper -d -\(input)"
    case (.postfix, .bounce): "postsuper -f -\(input)"
    case (_, .requeue): "postsuper -r -\(input)"
    }
  }
}
