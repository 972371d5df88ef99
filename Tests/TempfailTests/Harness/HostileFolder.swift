// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

/// What a stranger may write where Tempfail reads, as bytes.
struct HostileText: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let bytes: [UInt8]

  init(_ name: String, _ bytes: [UInt8]) { (testDescription, self.bytes) = (name, bytes) }

  static let all = [
    HostileText(
      "escape sequences", Array("a\u{1B}[2J\u{1B}]0;owned\u{7}\u{1B}]52;c;QQ==\u{1B}\\b".utf8)),
    HostileText("keys", Array("a\rtouch x #\u{8}\u{7F}\u{B}\u{C}\u{E}\u{1B}[201~b".utf8)),
    HostileText("C1 in UTF-8", Array("a\u{9B}2J\u{9D}0;owned\u{9C}\u{90}x\u{85}b".utf8)),
    HostileText(
      "C1 as bytes", [0x61, 0x9B, 0x32, 0x4A, 0x9D, 0x30, 0x3B, 0x9C, 0x90, 0xFF, 0xC3, 0x62]),
    HostileText("letters with C1 in their bytes", Array("aÛ2JÝ0;ownedÜb".utf8)),
    HostileText(
      "turned and hidden",
      Array("a\u{202E}b\u{2066}c\u{200B}\u{61C}\u{FEFF}\u{AD}\u{E0041}\u{2028}\u{FFF9}b".utf8)),
  ]

  /// Places of bytes that a terminal might obey, were they printed in a locale of that kind.
  static func unsafe(in bytes: [UInt8], isUTF8: Bool) -> [String] {
    guard isUTF8 else {
      return bytes.filter { $0 != 0x0A && !(0x20...0x7E).contains($0) }
        .map { "byte " + String($0, radix: 16) }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else { return ["no UTF-8"] }
    return text.unicodeScalars.filter { scalar in
      switch scalar.properties.generalCategory {
      case .control: scalar != "\n"
      case .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: true
      default: false
      }
    }.map { "U+" + String($0.value, radix: 16) }
  }
}

/// A folder in which every file, name and tool holds a hostile text.
final class HostileFolder: Sendable {
  let path: String
  private let text: [UInt8]

  init(_ text: HostileText) throws {
    var template = Array("/tmp/tempfail-hostile-XXXXXX\0".utf8CString)
    guard let made = mkdtemp(&template) else { throw NeverHappened(what: "a folder", instead: "") }
    path = String(cString: made)
    self.text = text.bytes
    for folder in ["tools", "state/tempfail/removed", "home/tempfail"] {
      var part = path
      for name in folder.split(separator: "/") {
        part += "/" + name
        mkdir(part, 0o700)
      }
    }
    writeInputs()
    writeTools()
    writeState()
  }

  deinit { Self.remove(path) }

  private static func remove(_ path: String) {
    var information = stat()
    guard lstat(path, &information) == 0 else { return }
    guard information.st_mode & S_IFMT == S_IFDIR, let folder = opendir(path) else {
      unlink(path)
      return
    }
    // As bytes: a name need not be UTF-8.
    var names: [[CChar]] = []
    while let entry = readdir(folder) {
      names.append(
        withUnsafeBytes(of: entry.pointee.d_name) {
          $0.prefix { $0 != 0 }.map { CChar(bitPattern: $0) } + [0]
        })
    }
    for name in names where name != [46, 0] && name != [46, 46, 0] {
      if unlinkat(dirfd(folder), name, 0) != 0 {
        remove(
          path + "/"
            + String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
      }
    }
    closedir(folder)
    rmdir(path)
  }

  /// Bytes in which `¤` stands for the hostile text, and `§` for the same within a string of JSON.
  private func filled(_ template: String) -> [UInt8] {
    let escaped = text.flatMap { byte -> [UInt8] in
      switch byte {
      case 0..<0x20, 0x7F, UInt8(ascii: "\""), UInt8(ascii: "\\"):
        Array("\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))".utf8)
      default: [byte]
      }
    }
    let parts = template.split(separator: "§", omittingEmptySubsequences: false).map { part in
      Array(
        part.split(separator: "¤", omittingEmptySubsequences: false).map { Array($0.utf8) }
          .joined(separator: text))
    }
    return Array(parts.joined(separator: escaped))
  }

  /// Writes words with a NUL behind each.
  func write(_ words: [[UInt8]], to name: String) {
    guard let file = fopen("\(path)/\(name)", "w") else { return }
    for word in words {
      fwrite(word, 1, word.count, file)
      fputc(0, file)
    }
    fclose(file)
  }

  private func write(_ template: String, to name: String, mode: mode_t = 0o600) {
    guard let file = fopen("\(path)/\(name)", "w") else { return }
    let bytes = filled(template)
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
    chmod("\(path)/\(name)", mode)
  }

  private func writeInputs() {
    write(
      """
      postqueue: warning: ¤
      {"queue_name":"deferred","queue_id":"4cXn2k0hFjz9QsB","arrival_time":1790000000,"message_size":1,\
      "sender":"¤@example.com","recipients":[{"address":"¤@example.net","delay_reason":"421 4.7.0 ¤"}]}
      {"queue_name":"deferred","queue_id":"4cXn2k1hFjz9QsB","arrival_time":1790000000,"message_size":1,\
      "sender":"§@example.com","recipients":[{"address":"§@example.net","delay_reason":"421 4.7.0 §"}]}
      ¤ no row at all

      """, to: "postfix.json")
    write(
      """
      exim: ¤
       3h  2.9K 1tABCD-000000001ab-0000 <¤@example.com> *** frozen ***
                ¤@example.net

      mailq: ¤

      """, to: "exim.txt")
    write(
      """
      Nov 24 10:00:00 ¤ postfix/smtp[1]: 4cXn2k0hFjz9QsB: to=<¤@example.net>, relay=¤[192.0.2.1]:25, \
      delay=1, delays=0/0/0/1, dsn=4.7.0, status=deferred (host mx.example.net[192.0.2.1] said: 421 4.7.0 ¤)
      2026-11-24 10:00:00 1tABCD-000000001ab-0000 == ¤@example.net R=¤ T=¤ defer (-46) H=mx.example.net [192.0.2.1]: \
      SMTP error from remote mail server after RCPT TO:<¤@example.net>: 421 4.7.0 ¤
      Nov 24 10:00:01 mx postfix/smtpd[2]: NOQUEUE: reject: RCPT from ¤[192.0.2.1]: 421 4.7.0 <¤@example.net>: ¤; \
      from=<¤@example.com> to=<¤@example.net> proto=ESMTP helo=<¤>

      """, to: "mail.log")
    write("no archive ¤", to: "damaged.gz")
    write("mta = \"¤\"\n\"¤\" = 1\nlog = [\"/¤\"]\n[keys]\n\"¤\" = \"¤\"\n", to: "values.toml")
    write("theme = \"unfinished ¤\n= ¤\n", to: "home/tempfail/config.toml")
    write("{\"tempfail\":1,\"host\":\"¤\"}\n{\"¤\n¤\n", to: "bad.record")
    // A name of this kind is hostile too, as far as a file's name can be.
    let name = text.filter { $0 != 0 && $0 != 0x2F }.map { CChar(bitPattern: $0) }
    let folder = open(path, O_RDONLY | O_DIRECTORY)
    let file = openat(folder, name + Array(".gz\0".utf8CString), O_CREAT | O_WRONLY, 0o600)
    close(file)
    close(folder)
  }

  private func writeTools() {
    write("¤\n", to: "words")
    let words = "cat '\(path)/words'"
    for (name, lines) in [
      ("postqueue", "cat '\(path)/postfix.json'"),
      (
        "postconf",
        """
        echo 'mail_version = 3.7.11'; echo 'maillog_file = \(path)/mail.log'
        printf 'queue_directory = /'; \(words); printf 'myhostname = '; \(words)
        """
      ),
      (
        "exim4",
        """
        case $1 in
        -bV) printf 'Exim version 4.96 #2 '; \(words);;
        -bP) echo 'log_file_path = \(path)/mail.log'; printf 'spool_directory = /'; \(words);;
        -bp) cat '\(path)/exim.txt';;
        *) exit 3;;
        esac
        """
      ),
      ("exim_dumpdb", "\(words); exit 3"), ("ps", "printf '1 0 '; \(words)"), ("dig", words),
      ("gzip", "exit 3"), ("postcat", "exit 3"), ("postsuper", "exit 3"), ("journalctl", "exit 3"),
      ("df", "exit 3"), ("ip", "exit 3"),
    ] {
      write("#!/bin/sh\n\(words) >&2\n\(lines)\n", to: "tools/\(name)", mode: 0o700)
    }
  }

  private func writeState() {
    write(
      """
      {"kind":"intent","entry":"§","time":1790000000,"mta":"exim","act":"remove","user":"§","host":"§","command":"§",\
      "pid":1,"started":1,"sudoUser":"§","sshConnection":"§","messages":[{"id":"1tABCD-000000001ab-0000","sender":"§",\
      "recipients":["§"],"arrived":1790000000,"size":1,"copy":"§"}]}
      {"kind":"outcome","entry":"§","time":1790000001,"results":[{"id":"1tABCD-000000001ab-0000","result":"failed",\
      "words":"§"}],"problem":"§","words":"§"}
      {"¤
      ¤

      """, to: "state/tempfail/audit.jsonl")
    write(
      """
      {"saved":1790000000,"mta":"exim","act":"remove","user":"§","id":"1tABCD-000000001ab-0000","arrived":1790000000,\
      "sender":"§","recipients":["§"],"envelopeSize":0,"size":0}

      """, to: "state/tempfail/removed/1tABCD-000000001ab-0000-1790000000.copy")
    write("¤", to: "state/tempfail/removed/broken-1.copy")
  }

  /// The variables under which everything here is found.
  func environment(locale: String) -> [String: String?] {
    [
      "PATH": "\(path)/tools:/usr/bin:/bin", "XDG_STATE_HOME": path + "/state",
      "XDG_CONFIG_HOME": path + "/none", "LC_ALL": locale, "TERM": "xterm",
    ]
  }
}
