import Core
import Glibc
import Testing

/// The full-screen view of the built binary in a real terminal.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct ViewTests {
  /// Three tasks that wait at a gate, one that fails, and one after all of them.
  private func sandbox() throws -> (Sandbox, Gate) {
    let sandbox = try Sandbox()
    let gate = try sandbox.gate("gate")
    let wait = gate.command
    try sandbox.write(
      Sandbox.json([
        .init(id: "1", command: wait, title: "Database Schema"),
        .init(id: "2", command: wait, title: "User Login"),
        .init(id: "3", command: "echo broken pipe; exit 3", title: "Flaky Import"),
        .init(id: "4", dependencies: ["1", "2"], command: "echo end", title: "Deploy"),
      ]), to: "tasks/tasks.json")
    return (sandbox, gate)
  }

  private func running(_ id: String, in sandbox: Sandbox) -> Int32? {
    sandbox.processes.first { pid in
      guard let environment = ProcessTable.environment(of: pid) else { return false }
      let parts = environment.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
      return parts.contains("LANES_TASK_ID=\(id)")
    }
  }

  @Test("a run is started, looked at, steered and left, and the terminal is as it was")
  func wholeSession() async throws {
    let (sandbox, gate) = try sandbox()
    let terminal = try await sandbox.terminal()
    let before = try await terminal.modes("before")
    try await terminal.lanes("run --on-failure keep-going")
    try await terminal.shows("Database Schema")
    try await terminal.shows("Deploy")
    #expect(try await terminal.variable("alternate_on") == "1")
    // A task is found, paused, and goes on.
    try await terminal.press("/")
    try await terminal.type("database")
    try await terminal.hides("User Login")
    try await terminal.press("Enter", "Space")
    #expect(eventually { running("1", in: sandbox) != nil })
    let task = try #require(running("1", in: sandbox))
    #expect(eventually { processState(task) == "T" })
    try await terminal.shows("paused")
    try await terminal.press("Space")
    #expect(eventually { processState(task) != "T" })
    try await terminal.press("Escape")
    try await terminal.shows("User Login")
    // The filter leaves what matches.
    try await terminal.press("/")
    try await terminal.type("flaky")
    try await terminal.hides("User Login")
    try await terminal.press("Enter", "2")
    try await terminal.shows("broken pipe")
    try await terminal.press("Escape", "Escape")
    try await terminal.shows("User Login")
    // What failed is tried again.
    try await terminal.press("R")
    #expect(
      eventually {
        sandbox.names(in: ".lanes/runs").first.map { run in
          sandbox.names(in: ".lanes/runs/\(run)").contains("3.2.log")
        } ?? false
      })
    // The second task is cancelled, when that has been confirmed.
    try await terminal.press("/")
    try await terminal.type("login")
    try await terminal.press("Enter", "x")
    try await terminal.shows("Cancel")
    try await terminal.press("y")
    #expect(eventually { running("2", in: sandbox) == nil })
    gate.open()
    try await terminal.shows("· failed ·")
    try await terminal.press("q")
    try await terminal.shows("Task 3 Flaky Import")
    try await terminal.shows("│ broken pipe")
    #expect(try await terminal.variable("alternate_on") == "0")
    #expect(try await terminal.modes("after") == before)
  }

  @Test(
    "the terminal is as it was after every way out",
    arguments: [("quit", 0), ("interrupt", SIGINT), ("terminate", SIGTERM), ("hang-up", SIGHUP)])
  func waysOut(_ name: String, _ signal: Int32) async throws {
    let (sandbox, gate) = try sandbox()
    let terminal = try await sandbox.terminal()
    let before = try await terminal.modes("before")
    try await terminal.lanes("run")
    try await terminal.shows("Database Schema")
    if signal == 0 {
      try await terminal.press("q", "f")
    } else {
      kill(try await terminal.process(), signal)
    }
    gate.open()
    try await terminal.shows("Theoretical speedup")
    #expect(try await terminal.variable("alternate_on") == "0")
    #expect(try await terminal.variable("mouse_any_flag") == "0")
    #expect(try await terminal.modes("after") == before)
  }

  @Test("the terminal is as it was after a fault of the program")
  func fault() async throws {
    let terminal = try await Sandbox().terminal()
    let before = try await terminal.modes("before")
    try await terminal.lanes("fail-in-view")
    try await terminal.shows("lanes resume")
    try await terminal.shows("asked to fail")
    #expect(try await terminal.variable("alternate_on") == "0")
    #expect(try await terminal.modes("after") == before)
  }

  @Test("the view follows fifty changes of size between 200×50 and 20×5")
  func resizing() async throws {
    let (sandbox, gate) = try sandbox()
    let terminal = try await sandbox.terminal(columns: 200, rows: 50)
    try await terminal.lanes("run")
    try await terminal.shows("Database Schema")
    let process = try await terminal.process()
    for _ in 0..<50 {
      try await terminal.resize(columns: 20, rows: 5)
      try await terminal.resize(columns: 200, rows: 50)
    }
    try await terminal.shows("Database Schema")
    #expect(try await terminal.screen().count >= 50)
    #expect(processState(process) == "S")
    gate.open()
  }

  @Test("Ctrl-Z gives the terminal back and fg takes it again")
  func suspending() async throws {
    let (sandbox, gate) = try sandbox()
    let terminal = try await sandbox.terminal()
    let before = try await terminal.modes("before")
    try await terminal.lanes("run")
    try await terminal.shows("Database Schema")
    let process = try await terminal.process()
    for _ in 0..<3 {
      try await terminal.press("C-z")
      try await terminal.shows("Stopped")
      #expect(processState(process) == "T")
      #expect(try await terminal.variable("alternate_on") == "0")
      #expect(try await terminal.modes("meanwhile") == before)
      unlink(sandbox.path + "/meanwhile")
      try await terminal.enter("clear; fg")
      try await terminal.shows("Database Schema")
      #expect(try await terminal.variable("alternate_on") == "1")
    }
    gate.open()
    try await terminal.shows("· failed ·")
    try await terminal.press("q")
    try await terminal.shows("Theoretical speedup")
    #expect(try await terminal.modes("after") == before)
  }

  @Test("Ctrl-Z stops lanes also when it goes on in lines")
  func suspendingLines() async throws {
    let (sandbox, gate) = try sandbox()
    let terminal = try await sandbox.terminal()
    try await terminal.lanes("run --on-failure keep-going")
    try await terminal.shows("Database Schema")
    let process = try await terminal.process()
    try await terminal.press("q", "f")
    try await terminal.leavesView()
    try await terminal.press("C-z")
    try await terminal.shows("Stopped")
    #expect(processState(process) == "T")
    try await terminal.enter("clear; fg")
    #expect(eventually { processState(process) != "T" })
    gate.open()
    try await terminal.shows("Theoretical speedup")
  }

  @Test("the mouse selects, opens and scrolls, and y copies to the clipboard of the terminal")
  func mouse() async throws {
    let (sandbox, gate) = try sandbox()
    let terminal = try await sandbox.terminal()
    try await terminal.lanes("run --on-failure keep-going")
    try await terminal.shows("User Login")
    let row = try await terminal.screen().firstIndex { $0.contains("User Login") } ?? 0
    let click = "\u{1B}[<0;6;\(row + 1)M\u{1B}[<0;6;\(row + 1)m"
    try await terminal.type(click)
    try await terminal.shows("─ 2 User Login")
    try await terminal.allowCopying()
    try await terminal.press("y")
    try await terminal.shows("copied")
    #expect(try await terminal.copied() == "2 User Login")
    try await terminal.type(click + click)
    try await terminal.shows("Attempts")
    try await terminal.press("?")
    try await terminal.shows("go to the task or line above")
    try await terminal.type("\u{1B}[<65;6;6M\u{1B}[<65;6;6M")
    try await terminal.hides("go to the task or line above")
    gate.open()
  }

  @Test("d shows what a running task has changed, and what a merged one did")
  func changes() async throws {
    let sandbox = try Sandbox()
    let gate = try sandbox.gate("gate")
    let ready = "echo $LANES_TASK_ID >>\(sandbox.home)/ready"
    let hostile =
      "printf 'a\\033[31mred\\n' > new.txt; \(ready); read pass <\(sandbox.path)/gate"
    try sandbox.write(
      Sandbox.json([
        .init(id: "1", command: hostile, title: "New file"),
        .init(id: "2", command: "echo changed >> README.md; \(ready)", title: "Readme"),
      ]), to: "tasks/tasks.json")
    try sandbox.makeRepository()
    let terminal = try await sandbox.terminal()
    try await terminal.lanes("run --on-failure keep-going")
    try await terminal.shows("New file")
    try await terminal.writes("1", to: "../ready")
    try await terminal.press("d")
    try await terminal.shows("diff --git a/new.txt b/new.txt")
    try await terminal.shows("+ared")
    try await terminal.press("1", "j")
    try await terminal.shows("○ 2 Readme")
    try await terminal.writes("2", to: "../ready")
    try await terminal.press("d")
    try await terminal.shows("+changed")
    try await terminal.press("1")
    gate.open()
    // The worktree is gone, and the commits are there.
    try await terminal.shows("· succeeded ·")
    try await terminal.press("d")
    try await terminal.shows("+changed")
  }

  @Test("a run is handed to the background, shown by attach, and comes to its end")
  func detaching() async throws {
    let (sandbox, gate) = try sandbox()
    let terminal = try await sandbox.terminal()
    let before = try await terminal.modes("before")
    try await terminal.lanes("run --on-failure keep-going")
    try await terminal.shows("Database Schema")
    #expect(eventually { running("1", in: sandbox) != nil })
    let task = try #require(running("1", in: sandbox))
    try await terminal.press("q")
    try await terminal.shows("detach")
    try await terminal.press("d")
    try await terminal.shows("goes on in the background")
    #expect(try await terminal.modes("after") == before)
    #expect(processState(task) != "")
    try await terminal.enter("clear")
    try await terminal.lanes("attach")
    try await terminal.shows("Database Schema")
    try await terminal.press("/")
    try await terminal.type("database")
    try await terminal.press("Enter", "Space")
    #expect(eventually { processState(task) == "T" })
    try await terminal.shows("paused")
    try await terminal.press("Space", "q")
    try await terminal.shows("goes on; `lanes attach`")
    gate.open()
    try await terminal.enter("clear")
    try await terminal.lanes("wait")
    try await terminal.shows("3 succeeded, 1 failed")
    #expect(try sandbox.statuses()["4"] == "done")
    #expect(!sandbox.names(in: ".lanes/runs").isEmpty)
  }

  @Test("closing the terminal leaves the run going")
  func closing() async throws {
    let (sandbox, gate) = try sandbox()
    let terminal = try await sandbox.terminal()
    try await terminal.lanes("run --on-failure keep-going")
    try await terminal.shows("Database Schema")
    try await terminal.close()
    gate.open()
    let result = try await sandbox.run("wait")
    #expect(result.output.contains("3 succeeded, 1 failed"))
  }

  @Test("run --detach starts in the background and tells the run")
  func detachedStart() async throws {
    let (sandbox, gate) = try sandbox()
    let started = try await sandbox.run("run", "--detach", "--on-failure", "keep-going")
    #expect(started.status == 0)
    #expect(started.output.contains("goes on in the background"))
    let refused = try await sandbox.run("run", "--detach")
    #expect(refused.status == 7)
    gate.open()
    #expect(try await sandbox.run("wait").output.contains("3 succeeded, 1 failed"))
  }

  @Test("a past run is shown again, faster")
  func replaying() async throws {
    let (sandbox, gate) = try sandbox()
    gate.open()
    _ = try await sandbox.run("run", "--on-failure", "keep-going")
    let terminal = try await sandbox.terminal()
    let before = try await terminal.modes("before")
    try await terminal.lanes("replay --speed 1000")
    try await terminal.shows("Deploy")
    try await terminal.press("q")
    try await terminal.leavesView()
    #expect(try await terminal.modes("after") == before)
  }

  @Test(
    "the view opens on the console, whose description names no size, and on terminals without colour",
    arguments: ["linux", "vt100", "xterm-mono", "screen"])
  func otherTerminal(_ name: String) async throws {
    let (sandbox, gate) = try sandbox()
    gate.open()
    _ = try await sandbox.run("run", "--on-failure", "keep-going")
    let terminal = try await sandbox.terminal()
    // Some have no second screen to go back from, so what was shown stays.
    try await terminal.enter(
      "clear; TERM=\(name) \(Sandbox.binary) replay --speed 1000; echo $((6*7))")
    try await terminal.shows("Deploy")
    try await terminal.press("q")
    try await terminal.printed("42")
  }

  @Test(
    "a terminal that cannot show the view gets lines, and a word on why",
    arguments: [("nonsense", "nonsense"), ("", "TERM is not set")])
  func badTerminal(_ name: String, _ words: String) async throws {
    let (sandbox, gate) = try sandbox()
    gate.open()
    let terminal = try await sandbox.terminal()
    try await terminal.enter("clear; TERM=\(name) \(Sandbox.binary) run --on-failure keep-going")
    try await terminal.printed("plain lines, as")
    try await terminal.printed(words)
    try await terminal.printed("Theoretical speedup")
  }

  @Test("titles and logs cannot act on the terminal")
  func hostile() async throws {
    let sandbox = try Sandbox()
    let title =
      "\u{1B}]0;owned\u{7}\u{1B}[2J\u{1B}[31mred\u{202E}evil\u{200B}\u{9B}5n 漢字 e\u{301} end"
    let command =
      "printf 'a\\033[2J\\033]0;owned\\007b\\000c\\377\\302\\233d\\n';"
      + " head -c 10000000 /dev/zero | tr '\\0' x; printf '\\nlast\\n'"
    try sandbox.write(
      Sandbox.json([.init(id: "\u{1B}[5m1", command: command, title: title)]),
      to: "tasks/tasks.json")
    let terminal = try await sandbox.terminal()
    try await terminal.lanes("run")
    try await terminal.shows("redevil")
    try await terminal.press("2")
    try await terminal.shows("last")
    try await terminal.press("g")
    try await terminal.shows("ab")
    let screen = try await terminal.screen()
    #expect(screen.count >= 30)
    #expect(try await terminal.variable("pane_title") != "owned")
    try await terminal.press("1")
    try await terminal.shows("漢字")
    try await terminal.press("q")
    try await terminal.shows("Theoretical speedup")
  }

  @Test("without a UTF-8 locale nothing but ASCII is drawn")
  func ascii() async throws {
    let (sandbox, gate) = try sandbox()
    let terminal = try await sandbox.terminal(variables: ["LC_ALL": "C", "LANG": "C"])
    try await terminal.lanes("run")
    try await terminal.shows("Database Schema")
    let screen = try await terminal.screen().joined()
    #expect(screen.unicodeScalars.allSatisfy { $0.isASCII })
    gate.open()
  }

  @Test("a theme is used, chosen and read again when its file changes")
  func themes() async throws {
    let (sandbox, gate) = try sandbox()
    let folder = sandbox.home + "/.config/lanes/themes"
    for path in [sandbox.home + "/.config", sandbox.home + "/.config/lanes", folder] {
      mkdir(path, 0o755)
    }
    let name = "../.config/lanes/themes/mine.yml"
    try sandbox.write("roles:\n  text: 'default on 52'\n", to: name)
    let terminal = try await sandbox.terminal()
    try await terminal.lanes("run --theme mine")
    try await terminal.shows("Database Schema")
    #expect(try await terminal.colored().contains("48;5;52"))
    try sandbox.write("roles:\n  text: 'default on 22'\n", to: name)
    var isNew = false
    for _ in 0..<200 where !isNew {
      isNew = try await terminal.colored().contains("48;5;22")
      poll(nil, 0, 20)
    }
    #expect(isNew)
    try sandbox.write("roles:\n  txet: red\n", to: name)
    try await terminal.shows("did you mean text?")
    gate.open()
  }
}
