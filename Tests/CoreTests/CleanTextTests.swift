import Core
import Testing

struct CleanTextTests {
  @Test(
    "text is left with what can be shown on one line",
    arguments: [
      ("plain text", "plain text"), ("zwei\nZeilen\tmit ü", "zwei Zeilen mit ü"),
      ("a\u{1B}[31mred\u{1B}[0m", "ared"), ("a\u{1B}]0;title\u{7}b", "ab"),
      ("a\u{1B}]8;;x\u{1B}\\link\u{1B}]8;;\u{1B}\\", "alink"), ("a\u{9B}31mb", "ab"),
      ("a\u{1B}(Bb\u{1B}cd", "abd"), ("a\u{1B}P1;2q\u{1B}\\b", "ab"),
      ("a\u{1B}]never ended\nb", "ab"), ("bell\u{7}\u{8}\u{0}\u{7F}\u{85}end", "bell end"),
      ("\u{202E}evil\u{2066}\u{200B}\u{FEFF}\u{AD}", "evil"), ("日本 émoji 😀", "日本 émoji 😀"),
      ("tags\u{E0041}", "tags"), ("\u{1B}", ""), ("\u{1B}[", ""), ("", ""),
    ])
  func clean(text: String, expected: String) {
    #expect(cleaned(text) == expected)
    #expect(cleaned(expected) == expected)
  }
}
