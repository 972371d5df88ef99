// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import MailServer

extension Check {
  package static let retryPolicy = Check(
    "retryPolicy", .destination, "Retry schedule for {name}",
    exim: ["exim -brt {name}", "exinext {name}"],
    postfix: [
      "postconf minimal_backoff_time maximal_backoff_time queue_run_delay",
      "postconf maximal_queue_lifetime bounce_queue_lifetime",
    ])
}

/// The check of when the MTA tries again and when it gives up.
package struct RetryPolicy: Hashable, Sendable {
  /// Seconds from the first failure to the second attempt.
  package var firstPause: Int
  /// The longest pause, in seconds.
  package var longestPause: Int
  /// Seconds until it gives up.
  package var lifetime: Int

  package init(firstPause: Int, longestPause: Int, lifetime: Int) {
    self.firstPause = firstPause
    self.longestPause = longestPause
    self.lifetime = lifetime
  }

  /// Reads the answer of `exim -brt`: `Retry rule: busy.test  *  F,1h,1m; G,16h,1h,1.5; F,4d,6h;`.
  ///
  /// Nil if there is no rule: then Exim gives up at the first failure.
  package init?(eximRule output: String) {
    var pauses: [Int] = []
    var lifetime = 0
    for part in output.split(whereSeparator: { $0 == ";" || $0.isNewline }) {
      let fields = part.split(separator: ",").map {
        $0.split(separator: " ").last.map(String.init) ?? ""
      }
      guard fields.count >= 3, ["F", "G", "H"].contains(fields[0]),
        let cutoff = Self.seconds(fields[1]), let pause = Self.seconds(fields[2])
      else { continue }
      pauses.append(pause)
      // The last cutoff counts (spec.txt, "Retry rules").
      lifetime = cutoff
    }
    guard let first = pauses.first else { return nil }
    self.init(firstPause: first, longestPause: pauses.max() ?? first, lifetime: lifetime)
  }

  /// Takes the values of `postconf` for the settings of Postfix, or their defaults.
  package init(postfix settings: [String: String]) {
    func seconds(_ name: String, default value: Int) -> Int {
      settings[name].flatMap(Self.seconds) ?? value
    }
    self.init(
      firstPause: seconds("minimal_backoff_time", default: 300),
      longestPause: seconds("maximal_backoff_time", default: 4000),
      lifetime: seconds("maximal_queue_lifetime", default: 432_000))
  }

  /// What it means for mail that is deferred.
  package func verdict(domain: String, mta: MTA, time: Int64) -> CheckResult {
    var bad: [String] = []
    // Postfix's own first pause is 5 minutes; good is 15 to 30.
    if firstPause < 300 {
      bad.append("The first retry interval is short: many greylists need 5 minutes.")
    }
    if firstPause > 1800 {
      bad.append("The first retry interval is long: one 421 makes mail late.")
    }
    if longestPause <= firstPause {
      bad.append("The retry intervals do not grow: a server in trouble is retried too often.")
    }
    if lifetime < 86_400 {
      bad.append("Mail bounces within a day: an outage over a weekend loses mail.")
    }
    let facts =
      "First retry after \(DurationWords(seconds: firstPause).text), longest interval"
      + " \(DurationWords(seconds: longestPause).text), bounced after"
      + " \(DurationWords(seconds: lifetime).text)."
    let context = LeverContext(
      destination: domain, client: "", connections: nil, messagesPerConnection: nil, present: [:])
    let proposal =
      bad.isEmpty ? [] : Lever.retryPace.advice(for: mta, context).flatMap(\.lines)
    return CheckResult(
      CheckRequest(.retryPolicy, of: domain), bad.isEmpty ? .passed : .warns, bad.first ?? facts,
      [facts] + bad.dropFirst() + proposal.map { "Proposed: \($0)" }, at: time)
  }

  /// Reads `1h30m`, `300s`, `5d`, `4000`; nil if it is no time.
  package static func seconds(_ text: String) -> Int? {
    var sum = 0
    var number: Int?
    for character in text {
      if let digit = character.wholeNumberValue, character.isASCII {
        let next = (number ?? 0) * 10 + digit
        guard next < 100_000_000 else { return nil }
        number = next
        continue
      }
      guard let count = number,
        let unit = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800][character]
      else { return nil }
      sum += count * unit
      number = nil
      guard sum < 10_000_000_000_000 else { return nil }
    }
    guard !text.isEmpty else { return nil }
    return sum + (number ?? 0)
  }
}
