import Core
import Glibc
import Testing

/// The three processes of a run, and what is left when one of them is killed.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct KeeperTests {
  /// A task that notes its beginning and its end, and lasts until the file `go` is there.
  private static let noted =
    "echo $LANES_TASK_ID >>starts; until test -e go; do sleep 0.02; done; echo $LANES_TASK_ID >>ends; exit 4"

  private struct Processes {
    var keeper: Int32
    var runner: Int32
    var tasks: [Int32]
  }

  private func start(_ command: String = noted) async throws -> (Sandbox, LanesProcess, Processes) {
    let sandbox = try Sandbox([("1", []), ("2", [])])
    let lanes = try await sandbox.start("run", "--command", command, "--output", "json")
    let tasks = [
      try await lanes.event("attempt_launched", task: "1").pid,
      try await lanes.event("attempt_launched", task: "2").pid,
    ]
    let (keeper, runner) = try #require(lanes.keeperAndRunner)
    return (sandbox, lanes, Processes(keeper: keeper, runner: runner, tasks: tasks))
  }

  /// Lets the tasks end while no runner is there, and takes the run up.
  private func takeUp(_ sandbox: Sandbox, _ tasks: [Int32]) async throws -> LanesProcess.Result {
    try sandbox.write("", to: "go")
    for task in tasks { try await sandbox.gone(task) }
    #expect(eventually { sandbox.processes == [] })
    return try await sandbox.run("resume", "--output", "json")
  }

  private func expectKept(_ run: LanesProcess.Result, _ sandbox: Sandbox) {
    let ends = run.events.filter { $0.kind == "attempt_ended" }.prefix(2)
    #expect(ends.map { $0.fields["code"]?.integer } == [4, 4])
  }

  @Test(
    "whichever of the processes dies, the ends of tasks are known",
    arguments: ["front", "runner", "both"])
  func deaths(_ victim: String) async throws {
    let (sandbox, lanes, processes) = try await start()
    if victim != "runner" { kill(lanes.pid, SIGKILL) }
    if victim != "front" { kill(processes.runner, SIGKILL) }
    #expect(try await lanes.end().status == -SIGKILL)
    try await sandbox.gone(processes.runner)
    #expect(processes.tasks.allSatisfy { kill($0, 0) == 0 })
    let run = try await takeUp(sandbox, processes.tasks)
    expectKept(run, sandbox)
    #expect(sandbox.lines("ends") == ["1", "2"])
  }

  @Test("an end that is still to be noted is waited for, also where nobody knows the process")
  func unknownProcess() async throws {
    let (sandbox, lanes, processes) = try await start()
    kill(processes.keeper, SIGSTOP)
    for victim in [lanes.pid, processes.runner] { kill(victim, SIGKILL) }
    try await lanes.end()
    #expect(eventually { processState(processes.runner) == "Z" })
    try DamagedJournalTests.Damage.bothGone.inflict(on: sandbox.path + "/.lanes/lanes.sqlite")
    try sandbox.write("", to: "go")
    #expect(eventually { processes.tasks.map(processState) == ["Z", "Z"] })
    let next = try await sandbox.start("resume", "--output", "json")
    try await next.event("run_resumed")
    kill(processes.keeper, SIGCONT)
    expectKept(try await next.end(), sandbox)
    #expect(sandbox.lines("ends") == ["1", "2"])
  }

  @Test("the keeper is out of reach of the terminal and of the group, and has a name of its own")
  func surroundings() async throws {
    let (sandbox, lanes, processes) = try await start()
    let keeper = try #require(ProcessTable.status(of: processes.keeper))
    let runner = try #require(ProcessTable.status(of: processes.runner))
    #expect(keeper.session == processes.keeper && keeper.group == processes.keeper)
    #expect(runner.group == ProcessTable.status(of: lanes.pid)?.group)
    let arguments = try #require(ProcessTable.arguments(of: processes.keeper))
    #expect(String(decoding: arguments.prefix { $0 != 0 }, as: UTF8.self) == "task-keeper")
    #expect(!String(decoding: arguments, as: UTF8.self).contains("lanes"))
    try sandbox.write("", to: "go")
    #expect(try await lanes.end().status == 1)
  }

  @Test("a run goes on without its keeper, hears signals, and its status comes through")
  func noKeeper() async throws {
    let (sandbox, lanes, processes) = try await start()
    kill(processes.keeper, SIGKILL)
    try await sandbox.gone(processes.keeper)
    lanes.signal(SIGINT)
    try await lanes.event("run_draining")
    try sandbox.write("", to: "go")
    #expect(try await lanes.end().status == 1)
    #expect(sandbox.lines("ends") == ["1", "2"])
    #expect(sandbox.processes == [])
  }

  @Test(
    "a task that is killed while nobody watches is lost and begun again",
    arguments: [SIGKILL, SIGTERM])
  func outside(_ signal: Int32) async throws {
    let (sandbox, lanes, processes) = try await start("sleep 100")
    lanes.signal(SIGKILL)
    try await lanes.end()
    for task in processes.tasks { kill(task, signal) }
    #expect(eventually { sandbox.processes == [] })
    let next = try await sandbox.start("resume", "--output", "json")
    for task in ["1", "2"] {
      #expect(try await next.event("attempt_ended", task: task)["outcome"] == "lost")
      try await next.event("attempt_launched", task: task)
    }
    next.signal(SIGTERM)
    #expect(try await next.end().status == 143)
  }

  @Test("a signal to the whole group counts once, and one to the front counts")
  func signals() async throws {
    let (sandbox, lanes, processes) = try await start("until test -e go; do sleep 0.02; done")
    // As one sender gives it to both.
    lanes.signal(SIGINT)
    kill(processes.runner, SIGINT)
    try await lanes.event("run_draining")
    try sandbox.write("", to: "go")
    let run = try await lanes.end()
    #expect(run.status == 0)
    #expect(!run.story.contains { $0.hasPrefix("run_stopping") })
  }

  @Test(
    "a stopped runner stops the front, and both go on together", arguments: ["front", "runner"])
  func stops(_ continued: String) async throws {
    let (sandbox, lanes, processes) = try await start()
    kill(processes.runner, SIGSTOP)
    let both = [lanes.pid, processes.runner]
    #expect(eventually { both.map(processState) == ["T", "T"] })
    kill(continued == "front" ? lanes.pid : processes.runner, SIGCONT)
    #expect(eventually { !both.map(processState).contains("T") })
    try sandbox.write("", to: "go")
    #expect(try await lanes.end().status == 1)
  }

  @Test("a runner that is killed while it is stopped ends the front, too")
  func deathWhileStopped() async throws {
    let (sandbox, lanes, processes) = try await start()
    kill(processes.runner, SIGSTOP)
    #expect(eventually { processState(lanes.pid) == "T" })
    kill(processes.runner, SIGKILL)
    #expect(try await lanes.end().status == -SIGKILL)
    expectKept(try await takeUp(sandbox, processes.tasks), sandbox)
  }

  @Test("closed descriptors and an ignored end of children make no difference")
  func bareSurroundings() async throws {
    let sandbox = try Sandbox([("1", [])], commands: ["1": "exit 4"])
    let run = try await sandbox.run(
      ["run", "--output", "quiet"],
      prefix: ["sh", "-c", "trap '' CHLD; exec \"$@\" <&- >&- 2>&-", "sh"])
    #expect(run.status == 1)
    #expect(try sandbox.statuses() == ["1": "pending"])
    #expect(sandbox.names(in: ".lanes/runs").count == 1)
  }
}
