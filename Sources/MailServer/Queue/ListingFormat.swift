// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The shape of a queue listing.
enum ListingFormat {
  case exim, postfix, postfixJSON

  /// About how many bytes the shortest usual message takes.
  var bytesPerMessage: Int {
    switch self {
    case .exim: 80
    case .postfix: 200
    case .postfixJSON: 300
    }
  }

  var mta: MTA {
    switch self {
    case .exim: .exim
    case .postfix, .postfixJSON: .postfix
    }
  }

  /// Recognizes a format by the first line that can belong to one only.
  ///
  /// - Parameter mta: nil if any MTA's listing may come.
  init(of bytes: Span<UInt8>, mta: MTA?) {
    let agents = MTA.those(mta).map(\.agent)
    var start = 0
    for _ in 0..<200 where start < bytes.count {
      let end = bytes.lineEnd(from: start)
      for agent in agents {
        guard let format = agent.listingFormat(ofLine: start..<end, in: bytes) else { continue }
        self = format
        return
      }
      start = end + 1
    }
    self = agents[0].usualListing
  }
}
