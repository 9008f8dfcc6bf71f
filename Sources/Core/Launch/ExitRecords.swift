import Glibc

/// The exit statuses that the shells of a run's attempts noted in a file.
///
/// Each record stands between line feeds and ends with a semicolon: a line feed, the attempt's name,
/// a blank, the status, `;` and a line feed. So one that was cut short, by a full disk for one, and
/// what comes after it are not mistaken for another.
struct ExitRecords {
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
  init(path: String) {
    self.init(SmallFile.read(path, limit: .max) ?? [])
  }

  /// What the attempt's shell noted last.
  subscript(name: String) -> ExitStatus? {
    statuses[name].map(ExitStatus.exited)
  }

  /// What stands before the status of an attempt.
  static func start(of name: String) -> String {
    "\n\(name) "
  }

  /// The status of an attempt that has just ended, which is one of the last in its file.
  static func latest(of name: String, path: String) -> ExitStatus? {
    ExitRecords(SmallFile.readEnd(path, limit: 16 << 10) ?? [])[name]
      ?? ExitRecords(path: path)[name]
  }
}
