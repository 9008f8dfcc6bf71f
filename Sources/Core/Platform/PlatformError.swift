import Glibc

/// A call of the operating system that failed.
package struct PlatformError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What was to be done, with the file it was to be done to.
  package var operation: String
  /// The error number of the call.
  package var code: Int32
  /// What to do about it, where that does not follow from the error number.
  package var remedy: String?

  /// `code` is by default that of the call that just failed in this thread.
  package init(_ operation: String, code: Int32 = errno, remedy: String? = nil) {
    self.operation = operation
    self.code = code
    self.remedy = remedy
  }

  package var description: String {
    let problem = "\(operation): \(String(cString: strerror(code)))"
    return (remedy ?? usualRemedy).map { "\(problem); \($0)" } ?? problem
  }

  /// Whether the machine is short of something, so that trying again later may help.
  package var isTransient: Bool {
    [EAGAIN, ENOMEM, EMFILE, ENFILE, ENOSPC, EDQUOT, ENOBUFS, ETXTBSY].contains(code)
  }

  private var usualRemedy: String? {
    switch code {
    case EMFILE: "too many are open: run fewer tasks at once or raise `ulimit -n`"
    case ENFILE: "the machine has too many open: close programs or run fewer tasks at once"
    case EAGAIN: "no more processes are allowed: run fewer tasks at once or raise `ulimit -u`"
    case ENOMEM: "the machine is short of memory: run fewer tasks at once"
    case ENOSPC: "the disk is full: remove files or move the run elsewhere"
    case E2BIG: "the command with its variables is too long: put it into a script"
    case EDQUOT: "the disk quota is used up: remove files"
    default: nil
    }
  }
}
