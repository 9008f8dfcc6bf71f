import CLinux
import Glibc

/// Signals as something to read instead of an interruption.
package final class SignalSource: Sendable {
  /// Readable when a signal came.
  package let descriptor: Int32

  /// Takes these signals; to be called before the process has a second thread, which would
  /// otherwise still be interrupted by them.
  ///
  /// Processes that are started get the signals as usual.
  package init(_ signals: [Int32]) throws(PlatformError) {
    var set = sigset_t()
    sigemptyset(&set)
    for signal in signals { sigaddset(&set, signal) }
    pthread_sigmask(SIG_BLOCK, &set, nil)
    descriptor = signalfd(-1, &set, Int32(SFD_CLOEXEC | SFD_NONBLOCK))
    guard descriptor >= 0 else { throw PlatformError("signalfd") }
  }

  deinit {
    close(descriptor)
  }

  /// The signals that came since the last call, each kind once.
  package func read() -> [Int32] {
    var signals: [Int32] = []
    var information = signalfd_siginfo()
    let size = MemoryLayout<signalfd_siginfo>.size
    while Glibc.read(descriptor, &information, size) == size {
      signals.append(Int32(bitPattern: information.ssi_signo))
    }
    return signals
  }
}
