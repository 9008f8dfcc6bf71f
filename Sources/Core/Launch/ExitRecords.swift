import Glibc

/// How attempts of a run ended, as it was noted in a file.
///
/// Each record stands between line feeds and ends with a semicolon: a line feed, the attempt's name,
/// a blank, the exit status or minus the signal's number, `;` and a line feed. So one that was cut short, by a
/// full disk for one, and what comes after it are not mistaken for another.
package struct ExitRecords {
  private var statuses: [String: Int32] = [:]

  init(_ bytes: [UInt8]) {
    for line in bytes.split(separator: UInt8(ascii: "\n")) where line.last == UInt8(ascii: ";") {
      let words = line.dropLast().split(separator: UInt8(ascii: " "))
      guard words.count == 2, let status = Int32(String(decoding: words[1], as: UTF8.self))
      else { continue }
      statuses[String(decoding: words[0], as: UTF8.self)] = status
    }
  }

  /// Everything in a file; nothing when it cannot be read.
  package init(path: String) {
    self.init(SmallFile.read(path, limit: .max) ?? [])
  }

  /// What was noted last of an attempt.
  package subscript(name: String) -> ExitStatus? {
    statuses[name].map { $0 < 0 ? .signaled(-$0) : .exited($0) }
  }

  package static func record(of name: String, _ status: ExitStatus) -> String {
    let number =
      switch status {
      case .exited(let code): code
      case .signaled(let signal): -signal
      }
    return "\n\(name) \(number);\n"
  }

  /// The most bytes of a record.
  package static func size(of name: String) -> Int { name.utf8.count + "\n -128;\n".utf8.count }

  /// The status of an attempt that has just ended, which is one of the last in its file.
  static func latest(of name: String, path: String) -> ExitStatus? {
    ExitRecords(SmallFile.readEnd(path, limit: 16 << 10) ?? [])[name]
      ?? ExitRecords(path: path)[name]
  }
}
