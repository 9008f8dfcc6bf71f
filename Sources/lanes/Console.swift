import Core
import Glibc

/// Standard output and error; a reader that went away is not an error, there is just nobody to tell.
struct Console: Sendable {
  /// Results.
  func out(_ line: String) { write(line + "\n", to: STDOUT_FILENO) }

  /// Everything that is not the result.
  func note(_ line: String) { write(line + "\n", to: STDERR_FILENO) }

  func out(bytes: [UInt8]) { write(bytes, to: STDOUT_FILENO) }

  func out(_ lines: [String]) {
    if lines.isEmpty { return }
    write(lines.joined(separator: "\n") + "\n", to: STDOUT_FILENO)
  }

  func note(_ lines: [String]) {
    for line in lines { note(line) }
  }

  /// Text that has its line ends already.
  func write(_ text: String, isResult: Bool = true) {
    write(text, to: isResult ? STDOUT_FILENO : STDERR_FILENO)
  }

  private func write(_ text: String, to descriptor: Int32) {
    write(Array(text.utf8), to: descriptor)
  }

  private func write(_ bytes: [UInt8], to descriptor: Int32) {
    bytes.withUnsafeBytes { buffer in
      var rest = buffer[...]
      while !rest.isEmpty {
        let count = Glibc.write(
          descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count < 0, errno == EINTR { continue }
        if count < 0, errno == EAGAIN {
          var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          poll(&wait, 1, -1)
          continue
        }
        if count <= 0 { return }
        rest = rest.dropFirst(count)
      }
    }
  }
}
