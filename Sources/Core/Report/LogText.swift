/// Lines of a task's log made safe to show.
package enum LogText {
  /// The last lines that are not empty, cleaned and at most 400 characters each.
  package static func lastLines(_ count: Int, of bytes: [UInt8]) -> [String] {
    bytes.split(separator: UInt8(ascii: "\n")).suffix(count * 4)
      .map { String(cleaned(String(decoding: $0, as: UTF8.self)).prefix(400)) }
      .filter { !$0.allSatisfy { $0 == " " } }.suffix(count)
  }
}
