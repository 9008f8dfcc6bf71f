import CLinux
package import Glibc

/// How `posix_spawn` starts a program that has nothing of this process's signals and terminal.
///
/// No signal is blocked or ignored in it, whatever the calling thread does with them.
package struct SpawnAttributes: ~Copyable {
  /// For the calls of the C library.
  package var value = posix_spawnattr_t()

  /// What the program leads, so that the keys of this one's terminal are not for it.
  package enum Leadership {
    case group
    case session

    fileprivate var flag: Int32 {
      switch self {
      case .group: Int32(POSIX_SPAWN_SETPGROUP)
      // POSIX_SPAWN_SETSID, which Glibc's module does not show.
      case .session: 0x80
      }
    }
  }

  package init(leading leadership: Leadership) {
    posix_spawnattr_init(&value)
    var (none, all) = (sigset_t(), sigset_t())
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&value, &none)
    posix_spawnattr_setsigdefault(&value, &all)
    let signals = Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETSIGDEF)
    posix_spawnattr_setflags(&value, Int16(signals | leadership.flag))
  }

  deinit {
    var value = value
    posix_spawnattr_destroy(&value)
  }
}
