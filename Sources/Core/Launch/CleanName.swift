/// File names made of task ids, which are untrusted text.
package enum CleanName {
  private static let longest = 100

  /// A file name that no other id has.
  ///
  /// ASCII letters, digits, `-`, `_` and, but not first, `.` stay; every other byte becomes `%` and
  /// two hexadecimal digits; an empty id becomes `%`. What is longer than 100 bytes is cut and given
  /// `~` and the id's 64-bit FNV-1a hash, so that only ids of one hash and one beginning could
  /// share a name.
  package static func of(_ id: TaskID) -> String {
    if id.text.isEmpty { return "%" }
    if isClean(id.text.utf8) { return id.text }
    var name: [UInt8] = []
    for byte in id.text.utf8 {
      if keeps(byte, isFirst: name.isEmpty) {
        name.append(byte)
      } else {
        name += [UInt8(ascii: "%"), digit(byte >> 4), digit(byte & 15)]
      }
    }
    guard name.count > longest else { return String(decoding: name, as: UTF8.self) }
    let hash = hash(of: id.text)
    let suffix = (0..<16).reversed().map { digit(UInt8(truncatingIfNeeded: hash >> ($0 * 4)) & 15) }
    return String(decoding: name.prefix(longest) + [UInt8(ascii: "~")] + suffix, as: UTF8.self)
  }

  private static func isClean(_ text: String.UTF8View) -> Bool {
    guard text.count <= longest, text.first != UInt8(ascii: ".") else { return false }
    return text.allSatisfy { keeps($0, isFirst: false) }
  }

  private static func keeps(_ byte: UInt8, isFirst: Bool) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    case UInt8(ascii: "."): !isFirst
    default: false
    }
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "A") + value - 10
  }

  /// FNV-1a, 64 bits (Fowler, Noll, Vo).
  private static func hash(of text: String) -> UInt64 {
    text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }
}

extension AttemptFiles {
  /// The files of an attempt in a run's folder.
  package static func of(runFolder: String, task: TaskID, attempt: Int) -> AttemptFiles {
    var path = runFolder
    path.reserveCapacity(runFolder.utf8.count + task.text.utf8.count + 32)
    path += "/"
    path += CleanName.of(task)
    let prompt = path + ".prompt"
    path += "."
    path += String(attempt)
    path += ".log"
    return AttemptFiles(log: path, exit: runFolder + "/exits", prompt: prompt)
  }

  /// What the attempt is called in the file of exit statuses: the name of its log.
  var name: String {
    String(
      log.utf8.lastIndex(of: UInt8(ascii: "/")).map { log[log.utf8.index(after: $0)...] }
        ?? log[...])
  }
}
