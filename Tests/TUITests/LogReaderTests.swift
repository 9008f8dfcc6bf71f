import Core
import Glibc
import TUI
import Testing

/// Windows of logs, read from real files.
final class LogReaderTests {
  private let path: String

  init() throws {
    var template = Array("/tmp/lanes-tui-XXXXXX".utf8CString)
    let file = mkstemp(&template)
    try #require(file >= 0)
    close(file)
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    unlink(path)
  }

  private func write(_ bytes: [UInt8]) throws {
    let file = open(path, O_WRONLY | O_TRUNC)
    try #require(file >= 0)
    defer { close(file) }
    try #require(Glibc.write(file, bytes, bytes.count) == bytes.count)
  }

  private func write(_ text: String) throws { try write(Array(text.utf8)) }

  private func window(_ place: LogRequest.Place, lines: Int = 3) -> LogWindow {
    let request = LogRequest(.attempt(AttemptKey(TaskID("1"), 1)), place, lines: lines)
    return LogWindow(reading: request, from: path) { false }
  }

  private func texts(_ place: LogRequest.Place, lines: Int = 3) -> [String] {
    window(place, lines: lines).lines.map(\.text)
  }

  @Test("the end is the last lines, with or without a last newline")
  func end() throws {
    try write("a\nb\nc\nd\n")
    #expect(texts(.end) == ["b", "c", "d"])
    try write("a\nb\nc\nd")
    let window = window(.end, lines: 2)
    #expect(
      window.lines == [
        LogWindow.Line(offset: 4, text: "c"), LogWindow.Line(offset: 6, text: "d"),
      ])
    #expect(window.size == 7)
    #expect(window.end == 7)
    try write("")
    #expect(texts(.end) == [])
    try write("\n")
    #expect(texts(.end) == [""])
  }

  @Test("lines are counted from any line, both ways, and stop at the ends")
  func lines() throws {
    try write("a\nb\nc\nd\n")
    #expect(texts(.lines(1, from: 2), lines: 1) == ["c"])
    #expect(texts(.lines(-1, from: 4), lines: 1) == ["b"])
    #expect(texts(.lines(-9, from: 4), lines: 1) == ["a"])
    #expect(texts(.lines(9, from: 0), lines: 1) == ["d"])
    #expect(texts(.offset(5), lines: 2) == ["c", "d"])
    #expect(texts(.offset(99), lines: 2) == [])
  }

  @Test("what is in a line cannot act on a terminal, and a long one is cut")
  func hostile() throws {
    try write(Array("\u{1B}]0;x\u{7}a\u{1B}[2Jb\0\n10%\r50%\r100%\r\n".utf8) + [0xFF, 0xFE, 0x0A])
    #expect(texts(.end) == ["ab", "100%", "\u{FFFD}\u{FFFD}"])
    try write([UInt8](repeating: UInt8(ascii: "x"), count: 10_000_000) + Array("\nend\n".utf8))
    let window = window(.offset(0), lines: 2)
    #expect(window.lines.map(\.text.utf8.count) == [4096, 3])
    #expect(window.lines[1].offset == 10_000_001)
  }

  @Test("a search goes through the whole file both ways, whatever the case")
  func search() throws {
    let filler = String(repeating: String(repeating: "x", count: 99) + "\n", count: 30_000)
    try write("Needle 1\n" + filler + "a neEDle 2\n" + filler)
    let second = Int64(9 + filler.utf8.count)
    #expect(window(.match("needle", after: 0), lines: 1).lines.first?.offset == second)
    #expect(window(.matchBefore("NEEDLE", second), lines: 1).lines.first?.offset == 0)
    #expect(window(.match("needle", after: second)).problem == "not found")
    #expect(window(.matchBefore("needle", 0)).problem == "not found")
  }

  @Test("a search finds what lies across two chunks", arguments: [-3, -1, 0, 1])
  func acrossChunks(_ shift: Int) throws {
    var bytes = [UInt8](repeating: UInt8(ascii: "x"), count: 3 << 20)
    bytes[1] = 0x0A
    let place = 2 + (1 << 20) + shift
    bytes.replaceSubrange(place - 1..<place + 6, with: Array("\nneedle".utf8))
    try write(bytes)
    #expect(window(.match("needle", after: 0), lines: 1).lines.first?.offset == Int64(place))
    let backwards = window(.matchBefore("needle", 3 << 20), lines: 1)
    #expect(backwards.lines.first?.offset == Int64(place))
  }

  @Test("a search that nobody waits for gives up")
  func cancelled() throws {
    try write(String(repeating: "x\n", count: 1000) + "needle\n")
    let request = LogRequest(
      .attempt(AttemptKey(TaskID("1"), 1)), .match("needle", after: 0), lines: 1)
    let window = LogWindow(reading: request, from: path) { true }
    #expect(window.problem == "not found")
  }

  @Test("a log that is not there is told as such")
  func missing() throws {
    unlink(path)
    #expect(window(.end).problem == "there is no log yet")
  }
}
