// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import Terminal
import Testing

@Suite struct KeyDecoderTests {
  private static let table: [(String, [Key])] = [
    ("jé作", [.character("j"), .character("é"), .character("作")]),
    ("\u{3}\u{1A}\u{13}", [.control("c"), .control("z"), .control("s")]),
    ("\r\n\t\u{8}\u{7F}", [.enter, .enter, .tab, .backspace, .backspace]),
    ("\0\u{1C}\u{1F}", []),
    ("\u{1B}[A\u{1B}OA", [.up, .up]),
    ("\u{1B}[B\u{1B}[C\u{1B}[D", [.down, .right, .left]),
    ("\u{1B}[1;5A", [.up]),
    (
      "\u{1B}[H\u{1B}[F\u{1B}[1~\u{1B}[4~\u{1B}[7~\u{1B}[8~\u{1B}OH",
      [
        .home, .end, .home, .end, .home, .end, .home,
      ]
    ),
    ("\u{1B}[5~\u{1B}[6~\u{1B}[2~\u{1B}[3~", [.pageUp, .pageDown, .insert, .delete]),
    ("\u{1B}[Z", [.backTab]),
    ("\u{1B}OP\u{1B}[11~\u{1B}[[A\u{1B}[1;2P", Array(repeating: .function(1), count: 4)),
    ("\u{1B}[15~\u{1B}[[E\u{1B}[24~", [.function(5), .function(5), .function(12)]),
    ("\u{1B}OM", [.enter]),
    // Unknown sequences are no commands.
    ("\u{1B}[?1;2cd\u{1B}[99~\u{1B}[Iq", [.character("d"), .character("q")]),
    ("\u{1B}\u{1B}[A", [.escape, .up]),
    ("\u{1B}d", [.escape, .character("d")]),
    ("\u{1B}[1\u{1B}[A", [.up]),
    ("\u{1B}[200~rm -rf\r\u{1B}[A\u{1B}[201~x", [.paste("rm -rf\n\u{1B}[A"), .character("x")]),
    ("\u{1B}[200~\u{1B}[201~", [.paste("")]),
    ("\u{1B}[201~", []),
    (
      "\u{1B}[<0;1;1M\u{1B}[<0;1;1m\u{1B}[<64;300;20M\u{1B}[<65;3;2M",
      [mouse(.press, 0, 0), mouse(.wheelUp, 299, 19), mouse(.wheelDown, 2, 1)]
    ),
    // With Shift, Alt and Ctrl.
    ("\u{1B}[<28;7;8M", [mouse(.press, 6, 7)]),
    // Other buttons, motion, and what no terminal sends.
    ("\u{1B}[<1;1;1M\u{1B}[<2;1;1M\u{1B}[<32;1;1M\u{1B}[<66;1;1M", []),
    ("\u{1B}[<0;0;1M\u{1B}[<0;1;0M\u{1B}[<0;1M\u{1B}[<;;M\u{1B}[<0;1;1;1M\u{1B}[<M", []),
    ("\u{1B}[<0;-1;1M\u{1B}[<0;1?;1M\u{1B}[0;1;1M", []),
    ("\u{1B}[<0;99999999999999999999;1Mq", [.character("q")]),
    (
      "\u{1B}[<0;9223372036854775807;1M",
      [mouse(.press, Int.max - 1, 0)]
    ),
    // The old form of the reports: its bytes are no commands.
    ("\u{1B}[M dRj", [.character("j")]),
  ]

  private static func mouse(_ action: Mouse.Action, _ x: Int, _ y: Int) -> Key {
    .mouse(Mouse(action, at: Point(x: x, y: y)))
  }

  @Test(arguments: table)
  func decodes(sent: String, keys: [Key]) {
    var decoder = KeyDecoder()
    #expect(decoder.decode(sent.utf8) == keys)
    #expect(!decoder.isWaiting)
  }

  /// Over a slow line a sequence comes in pieces.
  @Test(arguments: table)
  func decodesByteByByte(sent: String, keys: [Key]) {
    var decoder = KeyDecoder()
    #expect(sent.utf8.flatMap { decoder.decode([$0]) } == keys)
  }

  @Test(
    arguments: [
      ([0x1B], [.escape]), ([0x1B, 0x5B], [.escape, .character("[")]),
      ([0x1B, 0x4F], [.escape, .character("O")]),
    ] as [([UInt8], [Key])])
  func flushEndsTheWait(sent: [UInt8], keys: [Key]) {
    var decoder = KeyDecoder()
    #expect(decoder.decode(sent) == [])
    #expect(decoder.isWaiting)
    #expect(decoder.flush() == keys)
    #expect(!decoder.isWaiting)
    #expect(decoder.flush() == [])
  }

  /// What cannot be the Esc key is waited for: late keys would be commands.
  @Test(
    arguments: [
      ("\u{1B}[20", "0~q\u{1B}[201~", [.paste("q")]), ("\u{1B}[1;", "5A", [.up]),
      ("\u{1B}[200~q\u{1B}[20", "1~", [.paste("q")]),
    ] as [(String, String, [Key])])
  func theMiddleOfASequenceWaits(first: String, second: String, keys: [Key]) {
    var decoder = KeyDecoder()
    #expect(decoder.decode(first.utf8) == [])
    #expect(!decoder.isWaiting)
    #expect(decoder.flush() == [])
    #expect(decoder.decode(second.utf8) == keys)
  }

  @Test func theMiddleOfACharacterWaits() {
    var decoder = KeyDecoder()
    #expect(decoder.decode([0xE4, 0xBD]) == [])
    #expect(decoder.flush() == [])
    #expect(decoder.decode([0x9C]) == [.character("作")])
  }

  @Test(
    arguments: [
      [0xFF, 0x61], [0xC3, 0x61], [0xED, 0xA0, 0x80, 0x61], [0xC2, 0x9B, 0x61], [0x80, 0x61],
      [0xF5, 0x61], [0xC0, 0xAF, 0x61],
    ] as [[UInt8]])
  func whatIsNoUTF8IsNoKey(sent: [UInt8]) {
    var decoder = KeyDecoder()
    #expect(decoder.decode(sent) == [.character("a")])
  }

  @Test func aPasteIsBounded() {
    var decoder = KeyDecoder()
    let bytes = [UInt8](repeating: 0x61, count: 3 * KeyDecoder.pasteLimit)
    #expect(decoder.decode("\u{1B}[200~".utf8) == [])
    #expect(decoder.decode(bytes) == [])
    #expect(!decoder.isWaiting)
    #expect(decoder.flush() == [])
    let text = String(repeating: "a", count: KeyDecoder.pasteLimit)
    #expect(decoder.decode("\u{1B}[201~".utf8) == [.paste(text)])
  }

  @Test(arguments: [21, 22, 23] as [UInt64])
  func anyBytesAreFine(seed: UInt64) {
    var state = seed
    var decoder = KeyDecoder()
    let alphabet: [UInt8] =
      Array("\u{1B}\u{1B}\u{1B}[[O~;0129AZMm\r\u{3}x".utf8) + [0xC3, 0xA9, 0xE4, 0xFF]
    for _ in 0..<20_000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      _ = decoder.decode([alphabet[Int(state >> 33) % alphabet.count]])
      if state >> 60 == 0 { _ = decoder.flush() }
    }
    // The end of whatever paste goes on, and of whatever sequence: keys are heard again.
    _ = decoder.decode("\u{1B}[201~".utf8)
    #expect(decoder.decode("q".utf8) == [.character("q")], "seed \(seed)")
  }
}
