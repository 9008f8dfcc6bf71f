import CLinux
import Glibc

/// The variables a program is started with, as bytes: their values need not be UTF-8.
package struct EnvironmentBlock: Sendable {
  /// Each `NAME=value`, without the ending NUL.
  package let entries: [[UInt8]]

  /// The variables this process was given.
  package static func inherited() -> EnvironmentBlock {
    var entries: [[UInt8]] = []
    var next = lanes_environment()
    while let entry = next?.pointee {
      entries.append(Array(UnsafeRawBufferPointer(start: entry, count: strlen(entry))))
      next = next?.successor()
    }
    return EnvironmentBlock(entries: entries)
  }

  package init(entries: [[UInt8]]) {
    self.entries = entries
  }

  package init(_ variables: [String: String]) {
    entries = variables.sorted { $0.key < $1.key }.map { Array("\($0.key)=\($0.value)".utf8) }
  }

  /// The same without the variables whose name fulfils `condition`.
  package func removing(where condition: (_ name: String) -> Bool) -> EnvironmentBlock {
    EnvironmentBlock(entries: entries.filter { !condition(Self.name(of: $0)) })
  }

  static func name(of entry: [UInt8]) -> String {
    String(decoding: entry.prefix { $0 != UInt8(ascii: "=") }, as: UTF8.self)
  }
}
