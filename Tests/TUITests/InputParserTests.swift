import Core
import TUI
import Testing

struct InputParserTests {
  private func events(_ text: String) -> [InputEvent] {
    var parser = InputParser()
    return parser.take(text.utf8) + parser.flush()
  }

  @Test(
    "a key is known by what terminals send for it",
    arguments: [
      ("a", Key.character("a")), ("é", .character("é")), ("漢", .character("漢")),
      ("\r", .enter), ("\n", .enter), ("\t", .tab), ("\u{7F}", .backspace), ("\u{8}", .backspace),
      ("\u{1}", .control("a")), ("\u{1A}", .control("z")), ("\0", .control(" ")),
      ("\u{1B}", .escape), ("\u{1B}[A", .up), ("\u{1B}OB", .down), ("\u{1B}[1;5C", .right),
      ("\u{1B}[Z", .backTab), ("\u{1B}[5~", .pageUp), ("\u{1B}[6;2~", .pageDown),
      ("\u{1B}[H", .home), ("\u{1B}[4~", .end), ("\u{1B}[3~", .delete),
      ("\u{1B}OP", .function(1)), ("\u{1B}[[E", .function(5)), ("\u{1B}[24~", .function(12)),
      ("\u{1B}[27u", .escape), ("\u{1B}[99;5u", .control("c")), ("\u{1B}[9;2u", .backTab),
    ])
  func key(_ text: String, _ key: Key) {
    #expect(events(text) == [.key(key)])
  }

  @Test("a sequence may come in pieces")
  func pieces() {
    var parser = InputParser()
    #expect(parser.take([0x1B]).isEmpty)
    #expect(parser.isWaiting)
    #expect(parser.take("[".utf8).isEmpty)
    #expect(parser.take("Ax".utf8) == [.key(.up), .key(.character("x"))])
    #expect(!parser.isWaiting)
    let letter = Array("ß".utf8)
    #expect(parser.take(letter[..<1]).isEmpty)
    #expect(parser.take(letter[1...]) == [.key(.character("ß"))])
  }

  @Test("an escape before a key is the key Escape")
  func fastTyping() {
    #expect(events("\u{1B}j") == [.key(.escape), .key(.character("j"))])
    #expect(events("\u{1B}\u{1B}") == [.key(.escape), .key(.escape)])
  }

  @Test("a paste is text and no keys, wherever it is cut")
  func paste() {
    let bytes = Array("\u{1B}[200~q\u{1B}[A\r\u{1B}[201~x".utf8)
    for cut in bytes.indices {
      var parser = InputParser()
      let events = parser.take(bytes[..<cut]) + parser.take(bytes[cut...])
      #expect(events == [.paste("q\u{1B}[A\r"), .key(.character("x"))], "cut at \(cut)")
    }
  }

  @Test("a paste without an end is given when nothing follows")
  func openPaste() {
    #expect(events("\u{1B}[200~text") == [.paste("text")])
  }

  @Test("presses and the wheel are told, other reports of the mouse are not")
  func mouse() {
    #expect(events("\u{1B}[<0;10;5M") == [.mouse(MouseEvent(.press, at: Point(column: 9, row: 4)))])
    #expect(events("\u{1B}[<0;10;5m").isEmpty)
    #expect(events("\u{1B}[<35;10;5M").isEmpty)
    #expect(
      events("\u{1B}[<65;1;1M") == [.mouse(MouseEvent(.wheelDown, at: Point(column: 0, row: 0)))])
    #expect(events("\u{1B}[M !!") == [.mouse(MouseEvent(.press, at: Point(column: 0, row: 0)))])
  }

  @Test(
    "what is no key does nothing",
    arguments: [
      "\u{1B}[?1;2c", "\u{1B}[I", "\u{1B}[12;40R", "\u{1B}[<0;0;0M", "\u{1B}[99999999999~",
      "\u{80}",
    ])
  func noise(_ text: String) {
    #expect(events(text).isEmpty)
  }

  @Test("no bytes at all stop the parser")
  func anything() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<2000 {
      var parser = InputParser()
      for _ in 0..<4 {
        let bytes = (0..<12).map { _ in
          Bool.random(using: &generator)
            ? UInt8.random(in: 0...255, using: &generator)
            : Array("\u{1B}[<O~;0129MZu".utf8).randomElement(using: &generator) ?? 0
        }
        _ = parser.take(bytes)
      }
      _ = parser.flush()
      #expect(!parser.isWaiting)
    }
  }

  @Test("two presses at one place within 400 ms are a double press, three are not two of them")
  func doublePress() {
    var counter = ClickCounter()
    let press = InputEvent.mouse(MouseEvent(.press, at: Point(column: 3, row: 2)))
    let double = InputEvent.mouse(MouseEvent(.doublePress, at: Point(column: 3, row: 2)))
    let other = InputEvent.mouse(MouseEvent(.press, at: Point(column: 4, row: 2)))
    let times: [Int64] = [0, 300, 500, 2000, 2100, 3000]
    let events = [press, press, press, press, other, press]
    let counted = zip(events, times).map { event, time in
      counter.counted(event, at: Instant(microseconds: time * 1000))
    }
    #expect(counted == [press, double, press, press, other, press])
  }
}
