import Glibc

/// The control group that limits the memory of this process: a container's, a service's or a job's.
///
/// A group that exceeds its limit loses a process, however much memory the machine has.
package struct MemoryGroup: Equatable, Sendable {
  /// What a group has and what of it can still be used, in bytes.
  package struct Reading: Equatable, Sendable {
    package var total: Int64
    package var available: Int64

    package init(total: Int64, available: Int64) {
      self.total = total
      self.available = available
    }

    /// 0 to 1.
    package var share: Double { Double(available) / Double(total) }
  }

  /// The names of a hierarchy's files, which the two versions call differently.
  private struct Names: Equatable {
    var limit: String
    var usage: String
    /// In `memory.stat`: what the kernel gives up first.
    var inactive: String

    static let first = Names(
      limit: "memory.limit_in_bytes", usage: "memory.usage_in_bytes",
      inactive: "total_inactive_file")
    static let second = Names(
      limit: "memory.max", usage: "memory.current", inactive: "inactive_file")
  }

  /// The groups from this process's own to the topmost that have a limit.
  private var folders: [String] = []
  private var names = Names.second

  /// Finds the groups of this process; nil when none limits memory.
  package init?() {
    self.init(SmallFile.read("/proc/self/cgroup") ?? [], root: "/sys/fs/cgroup")
  }

  /// Finds groups by the text of cgroups(7) `/proc/PID/cgroup`, where they are mounted at `root`.
  package init?(_ text: [UInt8], root: String) {
    var top = root
    var path: Substring?
    for line in String(decoding: text, as: UTF8.self).split(separator: "\n") {
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { continue }
      if fields[1].split(separator: ",").contains("memory") {
        (top, path, names) = (root + "/memory", fields[2], .first)
        break
      }
      if fields[0] == "0" { path = fields[2] }
    }
    guard let path else { return nil }
    // In a container the path may be that of the machine, which is not to be seen; then only the top is.
    var folder = top + path
    while folder.utf8.count >= top.utf8.count {
      while folder.hasSuffix("/") { folder.removeLast() }
      if limit(of: folder) != nil { folders.append(folder) }
      guard folder != top, let slash = folder.lastIndex(of: "/") else { break }
      folder = String(folder[..<slash])
    }
    if folders.isEmpty { return nil }
  }

  /// What the group that has the least part of its memory left has; nil when no limit is left.
  package func reading() -> Reading? {
    folders.compactMap(reading).min { $0.share < $1.share }
  }

  private func reading(of folder: String) -> Reading? {
    guard let limit = limit(of: folder),
      let usage = Self.number(SmallFile.read("\(folder)/\(names.usage)"))
    else { return nil }
    let inactive = Self.line(names.inactive, SmallFile.read(folder + "/memory.stat") ?? []) ?? 0
    return Reading(total: limit, available: min(limit, max(0, limit - usage + inactive)))
  }

  /// The limit in bytes; nil for none, which the first version writes as a number near 2^63.
  private func limit(of folder: String) -> Int64? {
    Self.number(SmallFile.read("\(folder)/\(names.limit)")).flatMap {
      $0 > 0 && $0 < 1 << 60 ? $0 : nil
    }
  }

  private static func number(_ text: [UInt8]?) -> Int64? {
    let digits = text?.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    return digits.flatMap { Int64(String(decoding: $0, as: UTF8.self)) }
  }

  /// The number after a name at the beginning of a line.
  private static func line(_ name: String, _ text: [UInt8]) -> Int64? {
    let start = Array("\(name) ".utf8)
    return text.split(separator: UInt8(ascii: "\n")).first { $0.starts(with: start) }
      .flatMap { number(Array($0.dropFirst(start.count))) }
  }
}
