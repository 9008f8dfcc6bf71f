import Core
import Glibc
import Testing

/// Tasks that do what a task should not: each ends as a value, and leaves no process behind.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct UnrulyTaskTests {
  @Test(
    "processes that a task leaves behind are ended with it",
    arguments: [
      "sleep 300 & sleep 300 & exit 0",
      "setsid sleep 300 & exit 0",
      "(setsid sh -c 'sleep 300 & sleep 300' &) ; exit 0",
      "setsid setsid sh -c 'trap \"\" TERM; while :; do sleep 1; done' >/dev/null 2>&1 & exit 0",
      "nohup sleep 300 >/dev/null 2>&1 & exit 0",
    ])
  func leftovers(_ command: String) async throws {
    let sandbox = try Sandbox([("1", []), ("2", ["1"])], commands: ["1": command, "2": "true"])
    let run = try await sandbox.run("run", "--grace", "200ms", "--output", "json")
    #expect(run.status == 0)
    #expect(sandbox.processes == [])
  }

  @Test("a process that also cleared its variables is ended with the run")
  func namelessLeftover() async throws {
    let sandbox = try Sandbox(
      [("1", [])],
      commands: [
        "1": "env -i setsid sh -c 'echo $$ >pid; exec sleep 300' & until test -s pid; do :; done"
      ])
    #expect(try await sandbox.run("run", "--grace", "200ms").status == 0)
    let pid = try #require(Int32(sandbox.text("pid").filter(\.isNumber)))
    #expect(ProcessTable.status(of: pid).map(\.isZombie) ?? true)
  }

  @Test("what left a cancelled task's group is ended as well")
  func cancelledTree() async throws {
    let sandbox = try Sandbox(
      [("1", [])], commands: ["1": "setsid sleep 300 & timeout 300 sleep 300"])
    let lanes = try await sandbox.start("run", "--grace", "200ms", "--output", "json")
    try await lanes.event("attempt_launched")
    #expect(try await sandbox.run("cancel", "1").status == 0)
    #expect(try await lanes.end().status == 1)
    #expect(sandbox.processes == [])
  }

  @Test("64 MB of output are in the log, and the run goes on meanwhile")
  func muchOutput() async throws {
    let sandbox = try Sandbox(
      [("1", []), ("2", [])], commands: ["1": "head -c 67108864 /dev/zero", "2": "true"])
    let run = try await sandbox.run("run", "-j2", "--output", "json")
    #expect(run.status == 0)
    let folder = ".lanes/runs/" + (try #require(run.events.first?["run"]))
    var status = stat()
    #expect(stat("\(sandbox.path)/\(folder)/1.1.log", &status) == 0)
    #expect(status.st_size == 67_108_864)
    #expect(run.output.utf8.count < 100_000)
  }

  /// Colours, a title, a bell, a cursor position, C1 bytes, NUL, invalid UTF-8, an 8-bit CSI.
  private static let hostile =
    #"printf '\033[31mred\033[0m \033]0;title\007 \007 \033[2J \302\233 31m \000 \377\376 end\n'"#

  @Test("control characters in output never reach the terminal")
  func escapes() async throws {
    let sandbox = try Sandbox(
      [("1", [])], commands: ["1": Self.hostile + "; " + Self.hostile + " >&2; exit 1"])
    let run = try await sandbox.run("run")
    #expect(run.status == 1)
    #expect(run.output.contains("    │ red"))
    let logs = try await sandbox.run("logs", "1")
    #expect(logs.status == 0)
    #expect(logs.lines.count == 2)
    for text in [run.output, run.errors, logs.output, logs.errors] {
      #expect(!text.unicodeScalars.contains(where: isControl))
    }
    let log = sandbox.names(in: ".lanes/runs").first.map { ".lanes/runs/\($0)/1.1.log" } ?? ""
    #expect(sandbox.bytes(log)?.contains(0x1B) == true)
  }

  @Test("a task that closes its output and goes on is waited for")
  func closedOutput() async throws {
    let sandbox = try Sandbox(
      [("1", [])], commands: ["1": "exec >&- 2>&- <&-; sleep 0.3; exit 4"])
    let run = try await sandbox.run("run", "--output", "json")
    #expect(run.status == 1)
    #expect(run.events.last { $0.kind == "attempt_ended" }?.fields["code"]?.integer == 4)
    #expect(run.time >= .milliseconds(300))
  }

  @Test(
    "a command that cannot be run fails with the shell's status",
    arguments: [("no-such-command-here", 127), ("/etc/passwd", 126), ("./missing/x", 127)])
  func missing(command: String, code: Int) async throws {
    let sandbox = try Sandbox([("1", [])], commands: ["1": command])
    let run = try await sandbox.run("run", "--output", "json")
    #expect(run.status == 1)
    let end = run.events.first { $0.kind == "attempt_ended" }
    #expect(end?["outcome"] == "exited")
    #expect(end?.fields["code"]?.integer == code)
  }

  @Test("a task killed from outside has failed with the signal")
  func killed() async throws {
    let sandbox = try Sandbox([("1", [])], commands: ["1": "kill -9 $$"])
    let run = try await sandbox.run("run", "--output", "json")
    #expect(run.status == 1)
    let end = run.events.first { $0.kind == "attempt_ended" }
    #expect(end?["outcome"] == "signaled")
    #expect(end?.fields["signal"]?.integer == 9)
  }

  @Test("when the working folder vanishes the next task fails with words, and the run ends")
  func vanishedFolder() async throws {
    let sandbox = try Sandbox(
      [("1", []), ("2", ["1"])],
      commands: ["1": "mv \"$PWD\" \"$PWD-gone\"", "2": "true"])
    let run = try await sandbox.run("run", "--output", "json")
    #expect(run.status == 1)
    let end = run.events.last { $0.kind == "attempt_ended" }
    #expect(end?["outcome"] == "not_started" || end?["outcome"] == "unavailable")
    #expect(end?["message"].contains("No such file or directory") == true)
    #expect(rename(sandbox.path + "-gone", sandbox.path) == 0)
  }

  @Test(
    "when no more processes are allowed tasks wait for room, and all succeed",
    .enabled(if: getuid() == 0 && access("/usr/bin/setpriv", X_OK) == 0))
  func processLimit() async throws {
    let sandbox = try Sandbox((1...12).map { ("\($0)", []) })
    for path in [sandbox.home, sandbox.path, sandbox.path + "/tasks"] {
      #expect(chmod(path, 0o777) == 0)
    }
    // The limit is that of a user, for whom nothing else runs; it counts threads, the runner's too, and the two
    // processes that stand before it.
    let user = 60_000 + getpid() % 5000
    let command = "i=0; while [ $i -lt 30000 ]; do i=$((i+1)); done"
    let run = try await sandbox.run(
      ["run", "-j12", "--command", command, "--no-write-status", "--output", "json"],
      prefix: [
        "setpriv", "--reuid=\(user)", "--regid=\(user)", "--clear-groups", "prlimit", "--nproc=12",
      ])
    #expect(run.status == 0, "\(run.output.suffix(2000))\(run.errors)")
    #expect(run.events.contains { $0["outcome"] == "unavailable" })
    #expect(sandbox.processes == [])
  }
}

/// Whether a character could do something to a terminal besides showing itself.
func isControl(_ scalar: UnicodeScalar) -> Bool {
  scalar != "\n" && (scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value))
}
