/// The variables by which a process says to which attempt of which run it belongs.
struct AttemptMark: Hashable {
  var run: String
  var key: AttemptKey

  func set(in environment: inout [Variable]) {
    environment.set(Self.run, run)
    environment.set(Self.task, key.task.text)
    environment.set(Self.attempt, String(key.attempt))
  }

  private static let run = "LANES_RUN_ID"
  private static let task = "LANES_TASK_ID"
  private static let attempt = "LANES_ATTEMPT"

  /// NUL characters are left out, as they are in variables.
  init(run: String, key: AttemptKey) {
    self.run = Self.withoutNUL(run)
    self.key = AttemptKey(TaskID(Self.withoutNUL(key.task.text)), key.attempt)
  }

  private static func withoutNUL(_ text: String) -> String {
    text.utf8.contains(0) ? String(text.unicodeScalars.filter { $0 != "\0" }) : text
  }

  /// Reads a block of variables as /proc/PID/environ gives it; nil when one is missing.
  init?(environment: [UInt8]) {
    var run: String?
    var task: String?
    var attempt: Int?
    for entry in environment.split(separator: 0) where entry.starts(with: "LANES_".utf8) {
      let parts = entry.split(
        separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else { continue }
      let value = String(decoding: parts[1], as: UTF8.self)
      switch String(decoding: parts[0], as: UTF8.self) {
      case Self.run: run = value
      case Self.task: task = value
      case Self.attempt: attempt = Int(value)
      default: break
      }
    }
    guard let run, let task, let attempt else { return nil }
    self.init(run: run, key: AttemptKey(TaskID(task), attempt))
  }
}
