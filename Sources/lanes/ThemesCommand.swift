import Core
import Glibc
import TUI

/// `lanes themes`: which themes there are and what they look like.
enum ThemesCommand {
  static func run(_ call: Call) throws -> ExitStatus {
    let settings = try call.settings()
    let environment = call.project.environment
    let store = ThemeStore(environment: environment)
    let depth = depth(settings, environment)
    do throws(ThemeError) {
      if let name = call.invocation.operands.first {
        call.console.out(ThemePreview.roles(try store.theme(name), depth))
        return .done
      }
    } catch {
      throw Failure(.usage, "lanes themes: \(error)")
    }
    return list(store, depth, call.console)
  }

  /// A faulty theme is listed with what is wrong, and the others all the same.
  private static func list(
    _ store: ThemeStore, _ depth: ColorDepth, _ console: Console
  ) -> ExitStatus {
    var status = ExitStatus.done
    let names = store.names
    let width = names.reduce(0) { max($0, $1.count) }
    for name in names {
      let label = cleaned(name) + String(repeating: " ", count: width - name.count)
      do throws(ThemeError) {
        console.out("\(label)  \(ThemePreview.line(try store.theme(name), depth))")
      } catch {
        console.note("\(label)  \(error)")
        status = .usage
      }
    }
    return status
  }

  private static func depth(_ settings: Settings, _ environment: [String: String]) -> ColorDepth {
    let isTerminal = isatty(STDOUT_FILENO) == 1
    guard LineColor.isWanted(settings.color, environment: environment, isTerminal: isTerminal)
    else { return .none }
    let colors = environment["TERM"].flatMap(TerminalProbe.colors(ofTerminal:)) ?? 8
    let hasDirect = ["truecolor", "24bit"].contains(environment["COLORTERM"] ?? "")
    return ColorDepth(colors: max(8, colors), hasDirect: hasDirect, environment: environment)
  }
}
