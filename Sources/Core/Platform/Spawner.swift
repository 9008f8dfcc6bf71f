import CLinux
import Glibc

/// Starts programs, each in a session and process group of its own, from one thread.
///
/// What does not change from one start to the next is prepared once: the inherited variables, the
/// empty input, the limits.
package final class Spawner {
  /// A program to start.
  package struct Request {
    package var program: String
    package var arguments: [String]
    /// What `/bin/sh` gets instead when the program cannot be executed; nil: that is a failure.
    package var shellArguments: [String]?
    /// Where the process notes its number just before it runs its program.
    package var announced: UnsafeMutablePointer<Int32>?
    /// Set beside the inherited variables, which they replace, each name once; NUL characters are left
    /// out.
    package var environment: [Variable]
    package var directory: String
    /// The file that is standard input; nil for none.
    package var input: String?
    /// The file that standard output and error are appended to; made (0600) if missing.
    package var output: String

    package init(
      program: String, arguments: [String], environment: [Variable], directory: String,
      input: String?, output: String
    ) {
      self.program = program
      self.arguments = arguments
      self.environment = environment
      self.directory = directory
      self.input = input
      self.output = output
    }
  }

  /// A program that was started; `descriptor` becomes readable when it ends and is the caller's.
  package struct Spawned {
    package var process: ProcessIdentity
    package var descriptor: Int32
  }

  private let nullDevice: Int32
  private let openFiles: UInt64
  private let inherited: InheritedVariables
  private let ignoredSignals: UInt64
  private var slots: [SpawnSlot] = []

  /// So many programs may be on their way at once before the next one waits for one of them.
  private static let mostSlots = 16

  /// `openFiles` is the soft limit of open files that programs get; nil for that of this process.
  package init(environment: EnvironmentBlock, openFiles: UInt64?) throws(PlatformError) {
    nullDevice = open("/dev/null", O_RDWR | O_CLOEXEC)
    guard nullDevice >= 0 else { throw PlatformError("/dev/null") }
    self.openFiles = openFiles ?? 0
    inherited = InheritedVariables(environment)
    // A child of a process that ignores SIGCHLD leaves no exit status.
    signal(SIGCHLD, SIG_DFL)
    ignoredSignals = lanes_ignored_signals()
  }

  deinit {
    close(nullDevice)
  }

  /// Makes a process that will run the program; an error when there can be no process.
  ///
  /// It returns before the program runs. What goes wrong from then on, a missing directory say, ends the
  /// process with status 127, and `failure(of:)` tells it.
  package func spawn(_ request: Request) throws(PlatformError) -> Spawned {
    let slot = takeSlot()
    guard slot.start(request, inherited: inherited, configured: configure) else {
      throw slot.error
    }
    let process = ProcessIdentity(pid: slot.control.pointee.pid, startTicks: slot.startTicks)
    return Spawned(process: process, descriptor: slot.control.pointee.pidfd)
  }

  /// Why a process that ended with status 127 never ran its program; nil when it did.
  package func failure(of pid: Int32) -> PlatformError? {
    guard let slot = slots.first(where: { $0.control.pointee.pid == pid }) else { return nil }
    slot.wait()
    guard slot.control.pointee.step != lanes_spawn_done else { return nil }
    defer { slot.control.pointee.step = lanes_spawn_done }
    return slot.error
  }

  private func configure(_ control: inout lanes_spawn) {
    control.input_descriptor = nullDevice
    control.open_files = openFiles
    control.default_signals = ignoredSignals
  }

  /// A slot whose memory no process reads any more and whose failure was asked for.
  private func takeSlot() -> SpawnSlot {
    if let free = slots.first(where: \.isFree) { return free }
    if slots.count >= Self.mostSlots, let next = slots.first(where: \.isBusy) {
      next.wait()
      if next.isFree { return next }
    }
    let new = SpawnSlot()
    slots.append(new)
    return new
  }
}

/// The variables every program gets, as C strings that live as long as this.
final class InheritedVariables {
  let pointers: [UnsafeMutablePointer<CChar>?]
  let slots: [String: Int]

  init(_ environment: EnvironmentBlock) {
    pointers = environment.entries.map { entry in
      let copy = UnsafeMutablePointer<CChar>.allocate(capacity: entry.count + 1)
      copy.initialize(repeating: 0, count: entry.count + 1)
      for (index, byte) in entry.enumerated() { copy[index] = CChar(bitPattern: byte) }
      return copy
    }
    let names = environment.entries.enumerated().map { (EnvironmentBlock.name(of: $1), $0) }
    slots = Dictionary(names) { first, _ in first }
  }

  deinit {
    for pointer in pointers { pointer?.deallocate() }
  }
}
