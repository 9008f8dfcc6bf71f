import Core
import Glibc
import TUI

/// What a view needs that is known before there is a run.
struct ViewPlan: Sendable {
  /// The signals that a view reads.
  static let signals = [SIGWINCH, SIGTSTP, SIGCONT, SIGHUP]

  let terminal: Terminal
  private let keys: Keymap
  private let themes: ThemeStore
  private let theme: String

  /// Nil when the run is to be shown in lines; says why where the user would not know.
  init?(_ settings: Settings, _ project: Project, _ console: Console) throws {
    let environment = project.environment
    let isWanted = settings.output == .tui
    guard isWanted || settings.output == .auto else { return nil }
    keys = try Self.keys(settings)
    let obstacle = Self.obstacle(environment, isWanted: isWanted)
    if let words = obstacle?.words {
      console.note("lanes: plain lines, as \(words)")
    }
    guard obstacle == nil, let terminal = Terminal(environment: Self.colors(settings, environment))
    else { return nil }
    self.terminal = terminal
    themes = ThemeStore(environment: environment)
    theme = settings.theme ?? "default"
    try Self.check(theme, themes)
  }

  /// A view for a command that is nothing without one.
  init(only settings: Settings, for call: Call) throws {
    let environment = call.project.environment
    let name = call.invocation.command.rawValue
    if let words = Self.obstacle(environment, isWanted: true)?.words {
      throw Failure(.usage, "lanes \(name): \(words); `lanes status` and `lanes logs -f` need none")
    }
    guard let terminal = Terminal(environment: Self.colors(settings, environment)) else {
      throw Failure(.usage, "lanes \(name): there is no keyboard; start it in a terminal")
    }
    self.terminal = terminal
    keys = try Self.keys(settings)
    themes = ThemeStore(environment: environment)
    theme = settings.theme ?? "default"
    try Self.check(theme, themes)
  }

  private static func keys(_ settings: Settings) throws -> Keymap {
    do throws(KeymapError) { return try Keymap(overrides: settings.keys) } catch {
      let place =
        settings.keys.keys.sorted().first {
          (try? Keymap(overrides: [$0: settings.keys[$0] ?? []])) == nil
        }
        .map { "\(settings.origin(of: "keys.\($0)")): " } ?? ""
      throw Failure(.usage, "lanes: \(place)\(error)")
    }
  }

  /// Errors of a theme are told before the screen changes.
  private static func check(_ theme: String, _ themes: ThemeStore) throws {
    do throws(ThemeError) { _ = try themes.theme(theme) } catch {
      throw Failure(.usage, "lanes: \(error)")
    }
  }

  private static func colors(
    _ settings: Settings, _ environment: [String: String]
  ) -> [String: String] {
    var environment = environment
    switch settings.color {
    case .auto: break
    case .never: environment["NO_COLOR"] = "1"
    case .always: environment["NO_COLOR"] = nil
    }
    return environment
  }

  private struct Obstacle {
    /// Nil where nobody would expect a view.
    var words: String?
  }

  private static func obstacle(_ environment: [String: String], isWanted: Bool) -> Obstacle? {
    guard isatty(STDOUT_FILENO) == 1 else {
      return Obstacle(words: isWanted ? "standard output is no terminal" : nil)
    }
    let name = environment["TERM"] ?? ""
    if name.isEmpty { return Obstacle(words: "TERM is not set") }
    if name == "dumb" { return Obstacle(words: isWanted ? "the terminal is dumb (TERM)" : nil) }
    let group = tcgetpgrp(STDOUT_FILENO)
    if group > 0, group != getpgrp() {
      return Obstacle(words: isWanted ? "this is a job in the background" : nil)
    }
    if isWanted { return nil }
    return environment["CI"].map { !$0.isEmpty } ?? false ? Obstacle() : nil
  }

  /// Opens the view of a run that this process runs.
  func open(_ part: RunnerPart, _ signals: SignalSource) async throws -> ViewLoop {
    let executor = part.executor
    return try await open(
      part.run, ViewClock(), mode: .live, signals, folder: part.folder
    ) { await executor.submit($0) }
  }

  func open(
    _ run: RunState, _ clock: ViewClock, mode: ViewOptions.Mode, _ signals: SignalSource,
    folder: RunFolder, ask: @escaping @Sendable (ControlCommand) async -> Reply
  ) async throws -> ViewLoop {
    let setup = ViewSetup(
      options: ViewOptions(
        mode: mode, isUnicode: terminal.isUTF8, themes: themes.names, keys: keys,
        secondsFromUTC: WallClock.secondsFromUTC),
      terminal: terminal, signals: signals, themes: themes, theme: theme, ask: ask,
      logs: LogFiles(scratch: folder.path) {
        AttemptFiles.of(runFolder: folder.path, task: $0.task, attempt: $0.attempt).log
      })
    let loop = try ViewLoop(setup, run: run, clock: clock)
    try loop.start()
    do { try await loop.open() } catch {
      loop.stop()
      throw error
    }
    return loop
  }
}
