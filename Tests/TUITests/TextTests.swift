import Core
import TUI
import Testing

struct TextTests {
  @Test(
    "a character takes the columns that Unicode says",
    arguments: [
      ("a", 1), ("\u{0}", 0), ("\u{1B}", 0), ("é", 1), ("e\u{301}", 1), ("日", 2), ("한", 2),
      ("\u{1112}\u{1161}\u{11AB}", 2), ("ｱ", 1), ("Ａ", 2), ("😀", 2), ("👍🏽", 2),
      ("👨‍👩‍👧‍👦", 2), ("🏳️‍🌈", 2), ("❤️", 2), ("❤", 1), ("❤\u{FE0E}", 1), ("🇩🇪", 2),
      ("1️⃣", 2), ("✔", 1), ("▶", 1), ("⚠", 1), ("━", 1), ("\u{200B}", 0), ("\u{200D}", 0),
      ("\u{FEFF}", 0), ("\u{301}", 0), ("ש", 1), ("ע\u{5B7}", 1), ("ن", 1), ("नि", 2),
      ("\u{1F3FB}", 2), ("🫠", 2), ("\u{E000}", 1), ("～", 2), ("、", 2), ("\u{3164}", 2),
    ] as [(Character, Int)])
  func columns(character: Character, expected: Int) {
    #expect(width(of: character) == expected)
    #expect(width(of: String(character)) == expected)
  }

  @Test("the width of a text is that of its characters")
  func textWidth() {
    #expect(width(of: "") == 0)
    #expect(width(of: "abc") == 3)
    #expect(width(of: "日本 🇩🇪x") == 8)
    #expect(width(of: String(repeating: "日", count: 1000), upTo: 10) == 12)
  }

  @Test(
    "a text that does not fit ends in a mark",
    arguments: [
      ("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd…"), ("日本語", 6, "日本語"), ("日本語", 5, "日本…"),
      ("日本語", 4, "日…"), ("日本語", 1, ""), ("abc", 1, "a"), ("abc", 0, ""), ("", 3, ""),
      ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"), ("👨‍👩‍👧👨‍👩‍👧", 3, "👨‍👩‍👧…"),
    ])
  func elide(text: String, columns: Int, expected: String) {
    #expect(elided(text, to: columns, mark: "…") == expected)
  }

  @Test(
    "a path loses its middle",
    arguments: [
      ("src/cart/mod.rs", 15, "src/cart/mod.rs"), ("src/cart/mod.rs", 9, "src/…d.rs"),
      ("日本語日本語", 7, "日…語"), ("abc", 2, "a…"), ("abc", 0, ""),
    ])
  func elideMiddle(text: String, columns: Int, expected: String) {
    #expect(elidedInMiddle(text, to: columns, mark: "…") == expected)
  }

  @Test(
    "text is wrapped at blanks, and inside of words that are too long",
    arguments: [
      ("one two three", 7, ["one two", "three"]), ("abcdefgh", 3, ["abc", "def", "gh"]),
      ("a\n\nb", 5, ["a", "", "b"]), ("日本語日本語", 5, ["日本", "語日", "本語"]),
      ("x\u{1B}[31my", 9, ["xy"]), ("", 3, [""]), ("a b", 1, ["a", "b"]),
      ("日", 1, ["日"]),
    ])
  func wrap(text: String, columns: Int, expected: [String]) {
    #expect(wrapped(text, columns: columns) == expected)
  }

  @Test("text of tasks loses its controls and is cut, whatever its length")
  func clean() {
    #expect(shown("a\u{1B}[2Jb\u{0}\u{202E}c\nd") == "abc d")
    #expect(shown(String(repeating: "x", count: 10_000_000)).count == 2000)
    #expect(shown("\u{1B}]0;" + String(repeating: "x", count: 5000) + "\u{7}after") == "")
  }

  @Test(
    "letters find words that hold them in their order, the best first",
    arguments: [
      ("ret", ["retry", "retry-failed", "theme-retro"]), ("rf", ["retry-failed"]),
      ("zz", []), ("RETRY F", ["retry-failed"]),
    ])
  func fuzzy(letters: String, expected: [String]) {
    let words = ["theme-retro", "retry", "log", "retry-failed"]
    let found = words.enumerated()
      .compactMap { place, word in fuzzyScore(letters, in: word).map { (word, $0, place) } }
      .sorted { ($0.1, $0.2) < ($1.1, $1.2) }.map(\.0)
    #expect(found == expected)
  }
}
