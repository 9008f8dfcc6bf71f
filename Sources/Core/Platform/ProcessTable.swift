import Glibc

/// What /proc tells of processes.
package enum ProcessTable {
  /// One line of /proc/PID/stat.
  package struct Status: Equatable, Sendable {
    package var isZombie: Bool
    /// A zombie, or about to be one: it executes nothing of its program any more.
    package var hasEnded: Bool
    package var parent: Int32
    package var group: Int32
    package var session: Int32
    package var startTicks: UInt64
  }

  /// What the process with this number is; nil when there is none.
  ///
  /// Costs about 10 microseconds.
  package static func status(of pid: Int32) -> Status? {
    SmallFile.read("/proc/\(pid)/stat").flatMap(parseStatus)
  }

  /// The variables a process was started with; nil, or on older kernels empty, when it has ended; nil also
  /// when they may not be seen.
  package static func environment(of pid: Int32) -> [UInt8]? {
    SmallFile.read("/proc/\(pid)/environ")
  }

  /// What a process calls itself, or the name of its program; 15 bytes of it at most.
  package static func name(of pid: Int32) -> String? {
    SmallFile.read("/proc/\(pid)/comm").map { line in
      String(decoding: line.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }
  }

  /// The arguments of a process, each ended by NUL.
  package static func arguments(of pid: Int32) -> [UInt8]? {
    SmallFile.read("/proc/\(pid)/cmdline")
  }

  /// The numbers of all processes.
  package static func all() -> [Int32] {
    numbers(in: "/proc")
  }

  /// The children of one thread; orphans a process takes in are its first thread's.
  ///
  /// Nil when the kernel does not tell.
  package static func children(of pid: Int32, thread: Int32) -> [Int32]? {
    SmallFile.read("/proc/\(pid)/task/\(thread)/children").map { text in
      text.split(separator: UInt8(ascii: " ")).compactMap {
        Int32(String(decoding: $0, as: UTF8.self))
      }
    }
  }

  /// All processes that come from this one and whose parents are still there, without itself.
  package static func descendants(of pid: Int32) -> [Int32] {
    var found: [Int32] = []
    var next = [pid]
    while let parent = next.popLast() {
      let children = numbers(in: "/proc/\(parent)/task").flatMap {
        self.children(of: parent, thread: $0) ?? []
      }
      found += children
      next += children
    }
    return found
  }

  /// Reads the fields of proc(5) `stat`; the second, the name, is in parentheses and may hold any
  /// character.
  static func parseStatus(_ line: [UInt8]) -> Status? {
    guard let end = line.lastIndex(of: UInt8(ascii: ")")) else { return nil }
    let fields = line[(end + 1)...].split(separator: UInt8(ascii: " "), maxSplits: 20)
    guard fields.count > 19, let state = fields[0].first else { return nil }
    func number<Value: FixedWidthInteger>(_ index: Int) -> Value? {
      Value(String(decoding: fields[index], as: UTF8.self))
    }
    guard let parent: Int32 = number(1), let group: Int32 = number(2),
      let session: Int32 = number(3), let flags: UInt32 = number(6),
      let startTicks: UInt64 = number(19)
    else { return nil }
    let isZombie = state == UInt8(ascii: "Z") || state == UInt8(ascii: "X")
    return Status(
      isZombie: isZombie, hasEnded: isZombie || flags & exiting != 0, parent: parent,
      group: group, session: session, startTicks: startTicks)
  }

  /// PF_EXITING of the kernel's `flags`.
  private static let exiting: UInt32 = 4

  private static func numbers(in path: String) -> [Int32] {
    guard let directory = opendir(path) else { return [] }
    defer { closedir(directory) }
    var numbers: [Int32] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if let number = Int32(name) { numbers.append(number) }
    }
    return numbers
  }
}
