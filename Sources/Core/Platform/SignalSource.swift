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
  package func read() -> [Int32] { arrivals().map(\.number) }

  /// The same with where they came from.
  package func arrivals() -> [SignalArrival] {
    var signals: [SignalArrival] = []
    var information = signalfd_siginfo()
    let size = MemoryLayout<signalfd_siginfo>.size
    while Glibc.read(descriptor, &information, size) == size {
      let isPassedOn = information.ssi_code == Int32(SI_QUEUE)
      signals.append(
        SignalArrival(
          number: Int32(bitPattern: information.ssi_signo),
          sender: isPassedOn ? information.ssi_int : Int32(bitPattern: information.ssi_pid),
          isPassedOn: isPassedOn))
    }
    return signals
  }
}

/// A signal that reached the runner, itself or through the process that stands for it.
package struct SignalArrival: Equatable, Sendable {
  package var number: Int32
  package var sender: Int32
  /// Sent to the process that stands for the runner.
  package var isPassedOn: Bool

  package init(number: Int32, sender: Int32, isPassedOn: Bool) {
    self.number = number
    self.sender = sender
    self.isPassedOn = isPassedOn
  }
}

/// Tells a signal that was sent to a whole process group, and so came on both ways, from two that were sent.
package struct SignalEchoes: Sendable {
  private var unmatched: [(arrival: SignalArrival, at: Instant)] = []

  /// How far apart the two arrivals of one signal can be.
  private static var reach: Duration { .seconds(1) }

  package init() {}

  /// Whether an arrival is no second one of a signal that was sent once.
  package mutating func isNew(_ arrival: SignalArrival, at now: Instant) -> Bool {
    unmatched.removeAll { now - $0.at > Self.reach }
    var other = arrival
    other.isPassedOn.toggle()
    guard let place = unmatched.firstIndex(where: { $0.arrival == other }) else {
      unmatched.append((arrival, now))
      return true
    }
    unmatched.remove(at: place)
    return false
  }
}
