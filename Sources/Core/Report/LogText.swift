/// Lines of a task's log made safe to show.
package enum LogText {
  /// A line for the terminal, whatever bytes it has.
  package static func line(_ bytes: some Collection<UInt8>) -> String {
    cleaned(String(decoding: bytes, as: UTF8.self))
  }

  /// The last lines that are not empty, cleaned and at most 400 characters each.
  package static func lastLines(_ count: Int, of bytes: [UInt8]) -> [String] {
    bytes.split(separator: UInt8(ascii: "\n")).suffix(count * 4)
      .map { String(line($0).prefix(400)) }
      .filter { !$0.allSatisfy { $0 == " " } }.suffix(count)
  }
}
