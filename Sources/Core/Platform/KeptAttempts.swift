import CLinux
import Glibc

/// What a runner's keeper must know once the runner is dead: which process is which attempt.
///
/// It is memory that both share. The runner writes, the keeper reads what a dead runner wrote. Each process
/// notes its number itself just before it runs its program, so there is none that runs and is not noted.
package struct KeptAttempts: Sendable {
  /// So many attempts at once are kept; more run as well, but their ends are lost with their runner.
  package static let capacity = 1 << 14

  private static let pathSize = 4088
  /// Where it stands how many places were ever taken.
  private static let countOffset = pathSize
  private static let headerSize = 4096
  private static let entrySize = 256
  /// Where the name stands behind a process's number.
  private static let nameOffset = 8

  /// Stands where a process is about to note its number: a runner may die in between.
  private static let unborn: Int32 = -1

  private let address: Int

  /// Memory for one runner and its keeper; nil when there is none.
  package init?() {
    guard let memory = lanes_shared_memory(Self.headerSize + Self.capacity * Self.entrySize)
    else { return nil }
    address = Int(bitPattern: memory)
  }

  /// The file of exit statuses; empty as long as there is none.
  package var exitFile: String {
    get { text(at: 0) }
    nonmutating set { note(newValue, at: 0, size: Self.pathSize) }
  }

  /// Gives a place to the attempt that is to be started, and tells where its process notes its number.
  ///
  /// Nil when there is no such place, or the name is too long for it.
  package func enter(_ name: String, at place: Int) -> UnsafeMutablePointer<Int32>? {
    guard place < Self.capacity else { return nil }
    let offset = Self.offset(of: place)
    let size = Self.entrySize - Self.nameOffset
    guard note(name, at: offset + Self.nameOffset, size: size),
      let count = number(at: Self.countOffset)
    else { return nil }
    count.pointee = max(count.pointee, Int32(place + 1))
    let process = number(at: offset)
    process?.pointee = Self.unborn
    return process
  }

  /// The attempt's end is known.
  package func leave(_ place: Int) {
    guard place < Self.capacity else { return }
    number(at: Self.offset(of: place))?.pointee = 0
  }

  /// The place of the attempt that a process was started for.
  package func place(of pid: Int32) -> Int? {
    places.first { number(at: Self.offset(of: $0))?.pointee == pid }
  }

  package func name(at place: Int) -> String { text(at: Self.offset(of: place) + Self.nameOffset) }

  /// Whether no process is noted, nor one that is to be.
  package var isEmpty: Bool {
    places.allSatisfy { number(at: Self.offset(of: $0))?.pointee == 0 }
  }

  private var places: Range<Int> { 0..<Int(number(at: Self.countOffset)?.pointee ?? 0) }

  private static func offset(of place: Int) -> Int { headerSize + place * entrySize }

  private func number(at offset: Int) -> UnsafeMutablePointer<Int32>? {
    UnsafeMutablePointer(bitPattern: address + offset)
  }

  private func text(at offset: Int) -> String {
    UnsafePointer<CChar>(bitPattern: address + offset).map { String(cString: $0) } ?? ""
  }

  @discardableResult
  private func note(_ text: String, at offset: Int, size: Int) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      guard bytes.count < size,
        let memory = UnsafeMutablePointer<UInt8>(bitPattern: address + offset)
      else { return false }
      if let start = bytes.baseAddress { memory.update(from: start, count: bytes.count) }
      memory[bytes.count] = 0
      return true
    }
  }
}
