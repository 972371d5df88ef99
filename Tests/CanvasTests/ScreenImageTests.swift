// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Canvas
import Testing

@Suite struct ScreenImageTests {
  @Test(
    arguments: [
      ("to jane.doe@corp.example.", "to xxxxxxxx@corp.example."),
      ("<a@b> +x@y,", "<x@b> xx@y,"), ("none here", "none here"), ("a@b@c", "xxx@c"),
      ("cut very.long.na~ x", "cut xxxxxxxxxxxx~ x"), ("é.ü@x 字@y", "xxx@x xx@y"), ("@", "@"),
      ("news@shop.e~", "xxxx@shop.e~"), ("│ab@c│", "│xx@c│"),
      ("to \"ann b\"@c", "to \"xxxxx\"@c"), ("\"a\\\"b c\"@d", "\"xxxxxx\"@d"),
      ("│ann b\"@c", "│xxxxx\"@c"),
    ])
  func addressesAreMasked(text: String, masked: String) {
    var grid = Grid(size: Size(columns: 30, rows: 1))
    grid.put(text, x: 0, y: 0, role: .bad)
    grid.maskAddresses()
    #expect(grid.textRows == [masked])
    #expect(grid[0, 0].role == .bad)
  }

  @Test func anAddressThatWasWrappedIsMasked() {
    var grid = Grid(size: Size(columns: 30, rows: 3))
    grid.put("FROM", x: 2, y: 0, role: .text)
    grid.put("a.very.long.name.that.fills.", x: 2, y: 1, role: .text)
    grid.put("two.rows@corp.example", x: 2, y: 2, role: .text)
    grid.maskAddresses()
    #expect(
      grid.textRows == [
        "  FROM", "  " + String(repeating: "x", count: 28), "  xxxxxxxx@corp.example",
      ])
  }

  @Test func aPictureHoldsTheTextEscapedInTheThemesColors() {
    var grid = Grid(size: Size(columns: 24, rows: 2))
    grid.put("<a> & \u{1B}[0m", x: 0, y: 0, role: .bad)
    let red = Color.rgb(red: 255, green: 0, blue: 10)
    let theme = Theme(name: "x", styles: [.bad: Style(foreground: red, bold: true)])
    let svg = ScreenImage.svg(grid, theme: theme)
    #expect(svg.contains("fill=\"#ff000a\" font-weight=\"bold\">&lt;a&gt; &amp; \\u{1B}[0m</text>"))
    #expect(svg.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"216\" height=\"36\""))
    #expect(!svg.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
  }
}
