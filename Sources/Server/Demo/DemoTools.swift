// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import MailServer

/// The answers of the simulated server's own tools: its network, its processes, its disk.
enum DemoTools {
  static let executables: Set<String> = [
    "dig", "swaks", "ping", "traceroute", "ps", "df", "ip", "openssl",
  ]

  /// Nil if it is none of them.
  static func answer(_ name: String, _ arguments: [String], as mta: MTA) -> CommandResult? {
    switch name {
    case "dig": DemoNames.answer(arguments)
    case "swaks": DemoPeer.answer(arguments)
    case "ping": result(ping(arguments.last ?? ""))
    case "traceroute": result(trace(to: arguments.last ?? ""))
    case "ps": result(processes(of: mta))
    case "df":
      result(
        "Filesystem     1024-blocks     Used Available Capacity Mounted on\n"
          + "/dev/vda1         41153760 13580740  25459528      35% /\n")
    case "ip": result("192.0.2.1 via 198.51.100.1 dev eth0 src 198.51.100.10 uid 0 \\    cache \n")
    case "openssl": handshake(arguments)
    default: nil
    }
  }

  private static func place(_ name: String) -> DemoDestination? {
    DemoWorld.destinations.first {
      $0.host == name || $0.domain == name || name.contains($0.address)
    }
  }

  private static func isSilent(_ place: DemoDestination?) -> Bool {
    guard let place else { return true }
    if case .timesOut = place.behavior { return true }
    return false
  }

  private static func ping(_ name: String) -> String {
    guard let place = place(name) else { return "ping: \(name): Name or service not known\n" }
    let isLost = isSilent(place)
    return """
      PING \(place.host) (\(place.address)) 56(84) bytes of data.

      --- \(place.host) ping statistics ---
      4 packets transmitted, \(isLost ? "0 received, 100%" : "4 received, 0%") packet loss, time 3005ms

      """
  }

  private static func trace(to name: String) -> String {
    guard let place = place(name) else { return "" }
    let end = isSilent(place) ? "*" : "\(place.address)  14.2 ms"
    return """
      traceroute to \(place.host) (\(place.address)), 20 hops max, 60 byte packets
       1  198.51.100.1  0.4 ms
       2  203.0.113.1  6.1 ms
       3  \(end)

      """
  }

  private static func processes(of mta: MTA) -> String {
    switch mta {
    case .exim: "    1     0 /sbin/init\n  910     1 /usr/sbin/exim4 -bd -q30m\n"
    case .postfix:
      "    1     0 /sbin/init\n  910     1 /usr/lib/postfix/sbin/master -w\n"
        + "  912   910 qmgr -l -t unix -u\n"
    }
  }

  private static func handshake(_ arguments: [String]) -> CommandResult {
    let target = arguments.firstIndex(of: "-connect").map { arguments[$0 + 1] } ?? ""
    let place = place(target.replacing("[", with: "").replacing("]", with: ""))
    guard let place, !isSilent(place) else {
      return CommandResult(
        status: 1, output: [],
        complaint: "40D7:error:8000006E:system library:BIO_connect:"
          + "Connection timed out:../crypto/bio/bio_sock2.c:125:calling connect()\n")
    }
    return result(
      """
       0 s:CN = \(place.host)
         i:C = XX, O = Demo CA, CN = Demo CA R1
         a:PKEY: rsaEncryption, 2048 (bit); sigalg: RSA-SHA256
         v:NotBefore: Jan  1 00:00:00 2026 GMT; NotAfter: Jan  1 00:00:00 2036 GMT
      subject=CN = \(place.host)
      issuer=C = XX, O = Demo CA, CN = Demo CA R1
      New, TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384
      Verify return code: 0 (ok)

      """)
  }

  private static func result(_ output: String) -> CommandResult {
    CommandResult(status: 0, output: Array(output.utf8), complaint: "")
  }
}
