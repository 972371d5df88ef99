// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

/// How software is installed on a system.
package enum SystemFamily: String, CaseIterable, Hashable, Sendable {
  case debian, redHat, suse, arch, alpine, other

  /// The names of os-release(5) that tell a family.
  private static let names: [(SystemFamily, Set<String>)] = [
    (.debian, ["debian", "ubuntu"]),
    (.redHat, ["rhel", "fedora", "centos", "almalinux", "rocky", "cloudlinux", "amzn", "ol"]),
    (.suse, ["suse", "opensuse", "sles"]), (.arch, ["arch"]), (.alpine, ["alpine"]),
  ]

  /// Reads `/etc/os-release`: `ID`, then `ID_LIKE`.
  package init(osRelease: [UInt8]) {
    var words: [String] = []
    for line in String(decoding: osRelease, as: UTF8.self).split(separator: "\n") {
      let field = line.split(separator: "=", maxSplits: 1)
      guard field.count == 2, field[0] == "ID" || field[0] == "ID_LIKE" else { continue }
      let values = field[1].split { $0 == " " || $0 == "\"" || $0 == "'" }.map(String.init)
      words = field[0] == "ID" ? values + words : words + values
    }
    self =
      words.lazy.compactMap { word in
        Self.names.first { $0.1.contains(word) || word.hasPrefix("opensuse") && $0.0 == .suse }?.0
      }.first ?? .other
  }

  /// The command that installs a package, or nil if none is known.
  package func installation(of package: String?) -> String? {
    guard let package else { return nil }
    return switch self {
    case .debian: "apt-get install \(package)"
    case .redHat: "dnf install \(package)"
    case .suse: "zypper install \(package)"
    case .arch: "pacman -S \(package)"
    case .alpine: "apk add \(package)"
    case .other: nil
    }
  }
}

/// A program that Tempfail or its guide makes use of, and the package that has it.
package enum Tool: String, CaseIterable, Hashable, Sendable {
  case dig, swaks, openssl, traceroute, tracepath, ping, ip, ps
  case eximDumpdb = "exim_dumpdb"
  case journalctl
  case syslog

  /// What it is for, after its name: `dig looks up …`.
  package var use: String {
    switch self {
    case .dig: "looks up mail exchangers and records"
    case .swaks: "tests an SMTP session"
    case .openssl: "shows a server's TLS and certificate"
    case .traceroute, .tracepath: "shows the network path to a host"
    case .ping: "measures packet loss to a host"
    case .ip: "shows the address that mail is sent from"
    case .ps: "lists processes"
    case .eximDumpdb: "reads Exim's retry database"
    case .journalctl: "reads the journal"
    case .syslog: "writes the log"
    }
  }

  /// The package's name; nil if it differs or there is none.
  package func package(on family: SystemFamily) -> String? {
    switch (self, family) {
    case (.dig, .debian): "bind9-dnsutils"
    case (.dig, .redHat), (.dig, .suse): "bind-utils"
    case (.dig, .arch): "bind"
    case (.dig, .alpine): "bind-tools"
    case (.swaks, .alpine), (_, .other): nil
    case (.swaks, _): "swaks"
    case (.openssl, _): "openssl"
    case (.traceroute, .alpine), (.tracepath, .alpine), (.tracepath, .debian): "iputils-tracepath"
    case (.traceroute, _): "traceroute"
    case (.ping, .debian): "iputils-ping"
    case (.ping, _), (.tracepath, _): "iputils"
    case (.ps, .redHat), (.ps, .arch): "procps-ng"
    case (.ps, _): "procps"
    case (.ip, .redHat): "iproute"
    case (.ip, _): "iproute2"
    case (.eximDumpdb, .debian): "exim4-base"
    case (.eximDumpdb, .alpine): "exim-utils"
    case (.eximDumpdb, _): "exim"
    case (.syslog, _): "rsyslog"
    case (.journalctl, _): nil
    }
  }

  /// The command that installs it, or nil if none is known.
  package func installation(on family: SystemFamily) -> String? {
    family.installation(of: package(on: family))
  }
}
