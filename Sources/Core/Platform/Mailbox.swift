import CLinux
import Glibc
import Synchronization

/// Messages from one thread to another, with a descriptor that tells when there are some.
final class Mailbox<Message: Sendable>: Sendable {
  /// Readable while there are messages.
  let descriptor: Int32
  private let messages = Mutex<[Message]>([])

  init() throws(PlatformError) {
    descriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    guard descriptor >= 0 else { throw PlatformError("eventfd") }
  }

  deinit {
    close(descriptor)
  }

  func post(_ new: [Message]) {
    if new.isEmpty { return }
    messages.withLock { $0 += new }
    eventfd_write(descriptor, 1)
  }

  /// All messages there are, the oldest first.
  func take() -> [Message] {
    var count: eventfd_t = 0
    eventfd_read(descriptor, &count)
    return messages.withLock { messages in
      defer { messages = [] }
      return messages
    }
  }
}
