import CLinux
import Glibc

/// The file in which it is noted how a run's attempts ended, with room kept free.
///
/// The runner notes an end before it collects the process, and its keeper does once the runner is dead: so an end
/// that the journal does not know yet is not lost with the runner. The room for it is on the disk before the
/// process starts: when the disk is full by the time it ends, its end is still noted, and a later runner does
/// not repeat it.
package struct ExitFile: ~Copyable {
  package let path: String
  private let descriptor: Int32
  /// How long the file can get from what was started.
  private var promised: Int64
  private var reserved: Int64

  /// Room is taken in pieces, so that it costs a system call every few hundred launches.
  private static let piece: Int64 = 64 << 10

  package init(path: String) throws(PlatformError) {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw PlatformError(path) }
    var status = stat()
    promised = fstat(descriptor, &status) == 0 ? Int64(status.st_size) : 0
    reserved = promised
  }

  deinit {
    close(descriptor)
  }

  /// Makes sure that one more end of an attempt fits; fails when the disk is full.
  ///
  /// A file system that cannot keep room free is left as it is.
  package mutating func reserve(for name: String) throws(PlatformError) {
    let bytes = ExitRecords.size(of: name)
    promised += Int64(bytes)
    guard promised > reserved else { return }
    if lanes_reserve(descriptor, reserved, promised - reserved + Self.piece) != 0,
      errno == ENOSPC || errno == EDQUOT
    {
      let error = PlatformError(path)
      promised -= Int64(bytes)
      throw error
    }
    reserved = promised + Self.piece
  }

  /// Notes how an attempt ended.
  package func note(_ status: ExitStatus, of name: String) {
    var record = ExitRecords.record(of: name, status)
    _ = record.withUTF8 { write(descriptor, $0.baseAddress, $0.count) }
  }
}
