#if DEBUG
import Core
import Glibc
import TUI

/// A view that ends by a fault at once: shows that the terminal is put back.
enum FailingView {
  static func show() throws {
    let environment = ["TERM": getenv("TERM").map { String(cString: $0) } ?? ""]
    guard let terminal = Terminal(environment: environment) else { return }
    let screen = CursesScreen(terminal)
    try screen.open()
    var frame = Frame(size: screen.size)
    frame[0, 0] = Cell("!")
    screen.draw(frame)
    preconditionFailure("asked to fail")
  }
}
#endif
