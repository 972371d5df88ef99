// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Replies
import Testing

@testable import MailServer

/// Parts of a mail, their encodings and their letters.
struct MailPartsTests {
  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
  private static func lines(_ text: String) -> [ArraySlice<UInt8>] { Array(text.utf8).mailLines }

  @Test(
    arguments: [
      ("quoted-printable", "a=3Db=\nc  \nd=ZZ=", "a=b" + "c  \nd=ZZ"),
      ("Quoted-Printable", "=C3=BC \t\n=E2=82", "ü \t\n\u{FFFD}"),
      ("base64", "SGVs\nbG8=\n\n*", "Hello"), ("base64", "SGVsbG8", "Hello"), ("base64", "A", ""),
      ("7bit", "a=3D\nb", "a=3D\nb"), ("x-unknown", "=20", "=20"),
    ])
  func encodingsAreDecoded(name: String, written: String, expected: String) {
    let decoded = Self.text(TransferEncoding(name).decoded(Self.lines(written)[...]))
    #expect(
      decoded.split(separator: "\n").map { $0.trimmed }
        == expected.split(separator: "\n").map { $0.trimmed })
  }

  @Test(
    arguments: [
      ("iso-8859-1", [0xFC, 0x41], "üA"), ("windows-1252", [0x93, 0xE9, 0x94], "“é”"),
      ("iso-8859-1", [0xC3, 0xBC], "ü"), ("iso-8859-5", [0xB0, 0xEF], "Ая"),
      ("windows-1251", [0xC0, 0xFF, 0xB8], "Аяё"), ("koi8-r", [0xC1, 0xE1, 0xD1, 0xF1], "аАяЯ"),
      ("utf-7", Array("+AGA- 1 +- 2".utf8), "` 1 + 2"),
      (
        "iso-2022-jp",
        [0x1B, 0x24, 0x42, 0x25, 0x66, 0x21, 0x3C, 0x30, 0x21, 0x1B, 0x28, 0x42, 0x41], "ユー〓A"
      ),
      ("us-ascii", [0x1B, 0x24, 0x42, 0x24, 0x22, 0x1B, 0x28, 0x42], "あ"),
      ("no-such", [0x41, 0xC3, 0xBC], "Aü"),
    ] as [(String, [UInt8], String)])
  func lettersAreRead(name: String, bytes: [UInt8], expected: String) {
    #expect(Self.text(Charset(name).decoded(bytes)) == expected)
  }

  @Test(
    arguments: [
      ("=?utf-8?B?w7xi?= =?utf-8?q?er_x?= y", "über x y"), ("=?iso-8859-1?Q?=FC?=", "ü"),
      ("=?utf-8?X?a?= =?", "=?utf-8?X?a?= =?"), ("a=?b", "a=?b"),
    ])
  func encodedWordsAreDecoded(written: String, expected: String) {
    #expect(EncodedWords.decoded(Array(written.utf8)) == expected)
  }

  @Test(arguments: ["a\nb\n\nc", "a\r\nb\r\n\r\nc", "a\rb\r\rc", "a\r\r\nb\r\r\n\r\r\nc"])
  func linesEndAsTheyLike(text: String) {
    #expect(Self.lines(text).map { String(decoding: $0, as: UTF8.self) } == ["a", "b", "", "c"])
  }

  @Test(
    arguments: [
      ("<bob@a.example>: x", ["bob@a.example"]), ("to bob@a.example.", ["bob@a.example"]),
      ("\"bob smith\"@a.example", ["\"bob smith\"@a.example"]),
      ("smtp:bob@a.example", ["bob@a.example"]),
      ("bob@[192.0.2.1] <c@d>", ["bob@[192.0.2.1]", "c@d"]),
      ("宛先bob@a.example様", ["bob@a.example"]),
      ("jürgen@müller.example", ["jürgen@müller.example"]), ("@", []), ("a @ b", []), ("@b", []),
      ("a@", []),
      ("****@****.example", ["****@****.example"]), ("a@b@c", ["a@b"]),
    ])
  func addressesAreFound(text: String, expected: [String]) {
    #expect(MailAddress.all(in: Array(text.utf8)[...]).map(\.text) == expected)
  }

  @Test(
    arguments: [
      ("550 5.1.1 User unknown", 550, "5.1.1", "550 5.1.1 User unknown"),
      ("mx[192.0.2.1] failed with: 550 <a@b> No such user", 550, nil, "550 <a@b> No such user"),
      (
        "error message: [554 5.4.6 Hop count exceeded]", 554, "5.4.6",
        "554 5.4.6 Hop count exceeded"
      ),
      ("was: 554 554 5.7.0 Header error", 554, "5.7.0", "554 5.7.0 Header error"),
      ("ERROR_CODE :550, ERROR_CODE :5.1.1 <a@b>", 550, "5.1.1", "550, ERROR_CODE :5.1.1 <a@b>"),
      ("Sorry, no host (#5.1.2)", nil, "5.1.2", "Sorry, no host (#5.1.2)"),
      (
        "returned '450 4.4.317 Cannot connect [Message=451 4.7.0 x]'", 450, "4.4.317",
        "450 4.4.317 Cannot connect [Message=451 4.7.0 x]"
      ),
    ] as [(String, Int?, String?, String)])
  func theReplyIsFound(text: String, code: Int?, status: String?, words: String) throws {
    let reply = try #require(ReplyInWords(Array(text.utf8)))
    #expect(reply.code == code)
    #expect(reply.status?.description == status)
    #expect(String(decoding: reply.words, as: UTF8.self) == words)
  }

  @Test(arguments: [
    "", "5", "User unknown", "at 4:50:12", "of 500 bytes", "192.0.2.450", "x550 5.1.1x",
    "2026-11-24 450",
    "port 587", "450 messages", "SMTP 5.1",
  ])
  func otherNumbersAreNone(text: String) { #expect(ReplyInWords(Array(text.utf8)) == nil) }
}

extension Substring {
  fileprivate var trimmed: Substring {
    let start = drop { $0 == " " || $0 == "\t" }
    return start.last == " " || start.last == "\t" ? start.dropLast().trimmed : start
  }
}
