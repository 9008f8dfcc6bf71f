import CLinux
import Glibc
import Testing

/// How the view stops for the shell.
///
/// A process that is stopped is nothing the launchers of the other tests may meet.
struct StopSignalTests {
  @Test("one signal to stop that waits already, and one's own, stop once")
  func once() {
    let child = lanes_fork()
    if child == 0 {
      // Where nobody watches a group, it is not stopped.
      setpgid(0, 0)
      var stop = sigset_t()
      sigemptyset(&stop)
      sigaddset(&stop, SIGTSTP)
      sigprocmask(SIG_BLOCK, &stop, nil)
      kill(getpid(), SIGTSTP)
      lanes_stop_here()
      _exit(4)
    }
    var status: Int32 = 0
    waitpid(child, &status, WUNTRACED)
    #expect(status == SIGTSTP << 8 | 0x7F)
    kill(child, SIGCONT)
    waitpid(child, &status, WUNTRACED)
    #expect(status == 4 << 8)
    if status & 0xFF == 0x7F {
      kill(child, SIGKILL)
      waitpid(child, nil, 0)
    }
  }
}
