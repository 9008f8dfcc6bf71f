import Glibc

/// How many files this process may have open.
enum OpenFileLimit {
  /// The most that is asked for: more would only make programs slow that close all they could have.
  private static let enough: rlim_t = 65_536

  /// Raises the soft limit towards the hard one; returns what it was, for programs that are started.
  static func raise() -> UInt64? {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
    let before = limit.rlim_cur
    limit.rlim_cur = min(limit.rlim_max, enough)
    guard before < limit.rlim_cur,
      setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
    else { return nil }
    return UInt64(before)
  }
}

/// Descriptors 0 to 2.
enum StandardDescriptors {
  /// Opens those that are closed on /dev/null, so that no other file gets their numbers.
  static func open() throws(PlatformError) {
    for descriptor: Int32 in 0...2 where fcntl(descriptor, F_GETFD) < 0 {
      guard Glibc.open("/dev/null", O_RDWR) >= 0 else { throw PlatformError("/dev/null") }
    }
  }
}
