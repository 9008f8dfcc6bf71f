import Glibc

/// Threads for what waits or blocks, which a cooperative thread must not do.
enum NativeThread {
  private final class Work: Sendable {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) {
      self.body = body
    }
  }

  /// Starts a thread that ends with `body`; to be joined or detached by the caller.
  static func start(_ body: @escaping @Sendable () -> Void) throws(PlatformError) -> pthread_t {
    let work = Unmanaged.passRetained(Work(body))
    var handle = pthread_t()
    let code = pthread_create(
      &handle, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
        return nil
      }, work.toOpaque())
    guard code == 0 else {
      work.release()
      throw PlatformError("new thread", code: code)
    }
    return handle
  }
}
