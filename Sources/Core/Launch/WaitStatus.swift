import CLinux
import Glibc

extension ExitStatus {
  /// Reads a status as `wait` gives it: the signal in 7 bits, or the code in the 8 above.
  init(waitStatus status: Int32) {
    let signal = status & 0x7F
    self = signal == 0 ? .exited((status >> 8) & 0xFF) : .signaled(signal)
  }
}

extension ResourceUsage {
  /// What a process and the children it waited for used.
  ///
  /// The kernel counts memory from before `execve` as well, so the most resident is never less than
  /// the runner's own.
  init(_ usage: rusage) {
    let cpu = Duration.microseconds(lanes_cpu_microseconds(usage))
    self.init(cpu: cpu, maxResident: Int64(usage.ru_maxrss) * 1024)
  }
}

extension TaskSignal {
  /// The signals to send, in order.
  ///
  /// A stopped process acts on a request to end only when it goes on.
  var numbers: [Int32] {
    switch self {
    case .interrupt: [SIGINT, SIGCONT]
    case .terminate: [SIGTERM, SIGCONT]
    case .kill: [SIGKILL]
    case .pause: [SIGSTOP]
    case .proceed: [SIGCONT]
    }
  }
}
