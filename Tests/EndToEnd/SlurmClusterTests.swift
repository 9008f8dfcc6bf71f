import Core
import Glibc
import Testing

/// A real Slurm cluster of three nodes on this machine, which `make test-slurm` starts.
struct SlurmCluster {
  let folder: String
  private let script: String

  static var isThere: Bool { getenv("LANES_TEST_SLURM") != nil }

  init() throws {
    folder = String(cString: try #require(getenv("LANES_TEST_SLURM")))
    script = String(cString: try #require(getenv("LANES_TEST_CLUSTER")))
  }

  var environment: [String: String] { ["SLURM_CONF": folder + "/slurm.conf"] }

  func act(_ action: String, _ node: String = "") throws {
    let words: [String] = ["sh", script, action, folder, node]
    var arguments = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var pid: pid_t = 0
    try #require(posix_spawn(&pid, "/bin/sh", nil, nil, &arguments, environ) == 0)
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0, errno == EINTR {}
    try #require(status == 0, "\(action) \(node)")
  }
}

/// What `--launcher slurm` does with a real Slurm.
@Suite(
  .serialized, .enabled(if: SlurmCluster.isThere, "make test-slurm runs it"),
  .timeLimit(.minutes(3)))
struct SlurmClusterTests {
  private static let held = "echo $LANES_TASK_ID >>starts; until test -e go; do sleep 0.1; done"
  private let cluster: SlurmCluster

  init() throws { cluster = try SlurmCluster() }

  private func start(_ sandbox: Sandbox, _ arguments: String...) async throws -> LanesProcess {
    try await sandbox.start(
      arguments + ["--launcher", "slurm", "--output", "json"], environment: cluster.environment)
  }

  @Test("seven tasks tell the same story as on this machine")
  func sevenTasks() async throws {
    let times = ["sleep 0.1", "true"]
    let commands = Dictionary(
      uniqueKeysWithValues: SevenTasksTests.tasks.map { ($0.0, times[$0.1.isEmpty ? 0 : 1]) })
    let run = try await start(Sandbox(SevenTasksTests.tasks, commands: commands), "run").end(
      within: .seconds(60))
    #expect(run.status == 0)
    let local = try await Sandbox(SevenTasksTests.tasks, commands: commands).run(
      "run", "--output", "json")
    #expect(run.story.sorted() == local.story.sorted())
  }

  @Test("two hundred tasks in layers run on three nodes as they do on this machine")
  func manyTasks() async throws {
    let tasks = (0..<200).map { index in
      (String(index), index < 50 ? [] : ["\(index - 50)", "\((index - 50) / 50 * 50)"])
    }
    let command = #"echo $LANES_TASK_ID >>all; echo $SLURMD_NODENAME >>nodes"#
    let sandbox = try Sandbox(tasks)
    let run = try await start(sandbox, "run", "-j", "auto", "--command", command).end(
      within: .seconds(120))
    #expect(run.status == 0)
    let local = try Sandbox(tasks)
    let other = try await local.run("run", "-j", "4", "--output", "json", "--command", command)
    #expect(run.story.sorted() == other.story.sorted())
    #expect(sandbox.lines("all") == local.lines("all"))
    #expect(Set(sandbox.lines("nodes")) == ["n1", "n2", "n3"])
    #expect(try sandbox.statuses() == local.statuses())
  }

  @Test("the tasks of a node that dies run again, once, and the others are left alone")
  func nodeFailure() async throws {
    // As many as two of the three nodes can run.
    let ids = (1...7).map(String.init)
    let sandbox = try Sandbox(ids.map { ($0, []) })
    let command = "echo $LANES_TASK_ID $SLURMD_NODENAME $LANES_ATTEMPT >>where; \(Self.held)"
    let lanes = try await start(sandbox, "run", "-j", "7", "--command", command)
    for id in ids { try await lanes.event("attempt_launched", task: id) }
    #expect(eventually { sandbox.lines("where").count == ids.count })
    let before = sandbox.lines("where").map { $0.split(separator: " ") }
    let node = String(try #require(before.first)[1])
    let lost = before.filter { $0[1] == node }.map { String($0[0]) }
    try cluster.act("kill-node", node)
    defer { try? cluster.act("start-node", node) }
    for id in lost {
      try await lanes.event("attempt_started", task: id, attempt: 2, within: .seconds(90))
    }
    for id in lost {
      try await lanes.event("attempt_launched", task: id, attempt: 2, within: .seconds(60))
    }
    try sandbox.write("", to: "go")
    let run = try await lanes.end(within: .seconds(60))
    #expect(run.status == 0)
    let again = run.events.filter { $0.kind == "attempt_started" && $0.attempt == 2 }.map(\.task)
    #expect(again.sorted() == lost.sorted())
    #expect(!run.events.contains { $0.attempt == 3 })
  }

  @Test("a controller that is killed for twenty seconds is waited for")
  func controllerFailure() async throws {
    let ids = (1...6).map(String.init)
    let sandbox = try Sandbox(ids.map { ($0, []) } + [("7", ids)])
    let lanes = try await start(sandbox, "run", "-j", "6", "--command", Self.held)
    for id in ids { try await lanes.event("attempt_launched", task: id) }
    // What the controller knew some seconds ago is what it knows when it comes back.
    poll(nil, 0, 6000)
    try cluster.act("kill-controller")
    try await lanes.event("warning", within: .seconds(30))
    try sandbox.write("", to: "go")
    for id in ids { try await lanes.event("task_finished", task: id) }
    poll(nil, 0, 15_000)
    try cluster.act("start-controller")
    let run = try await lanes.end(within: .seconds(120))
    #expect(run.status == 0)
    #expect(sandbox.lines("starts") == ids + ["7"])
    #expect(run.events.filter { $0.kind == "attempt_started" }.count == 7)
    #expect(run.events.last { $0.kind == "warning" }?["code"] == "slurm_back")
  }

  @Test("all jobs of a runner that is killed are adopted, those that wait as well")
  func adoption() async throws {
    let ids = (1...16).map(String.init)
    let sandbox = try Sandbox(ids.map { ($0, []) })
    let first = try await start(sandbox, "run", "-j", "16", "--command", Self.held)
    for _ in 0..<12 { try await first.event("attempt_launched") }
    #expect(eventually { sandbox.lines("starts").count == 12 })
    first.signal(SIGKILL)
    try await first.end()
    let next = try await sandbox.start(
      ["resume", "--output", "json"], environment: cluster.environment)
    for id in Set(sandbox.lines("starts")) { try await next.event("attempt_adopted", task: id) }
    try sandbox.write("", to: "go")
    let run = try await next.end(within: .seconds(60))
    #expect(run.status == 0)
    #expect(sandbox.lines("starts") == ids.sorted())
    #expect(!run.events.contains { $0.attempt == 2 })
  }

  @Test("a job is suspended, goes on and is cancelled; a queued one is cancelled too")
  func control() async throws {
    let ids = (1...14).map(String.init)
    let sandbox = try Sandbox(ids.map { ($0, []) })
    let command = "echo $$ >pid-$LANES_TASK_ID; \(Self.held)"
    let lanes = try await start(sandbox, "run", "-j", "14", "--command", command, "--grace", "2s")
    try await lanes.event("attempt_launched", task: "1")
    #expect(eventually { !sandbox.lines("pid-1").isEmpty })
    let pid = Int32(sandbox.lines("pid-1").first ?? "") ?? 0
    #expect(try await sandbox.run("pause", "1").status == 0)
    #expect(eventually { processState(pid) == "T" })
    #expect(try await sandbox.run("resume", "1").status == 0)
    #expect(eventually { processState(pid) != "T" })
    #expect(try await sandbox.run("cancel", "--all").status == 0)
    let run = try await lanes.end(within: .seconds(60))
    let ends = run.story.filter { $0.hasPrefix("task_finished") }
    #expect(ends.sorted() == ids.map { "task_finished \($0) cancelled" }.sorted())
    #expect(eventually { sandbox.processes.isEmpty })
  }

  @Test("a task gets the partition, processors and memory that it asks for")
  func resources() async throws {
    let sandbox = try Sandbox()
    try sandbox.write(
      """
      {"tasks": [{"id": 1, "title": "t", "status": "pending", "dependencies": [], "metadata":
        {"lanes": {"command": "echo $SLURM_JOB_PARTITION $SLURM_CPUS_PER_TASK $SLURM_MEM_PER_NODE",
        "resources": {"cpus": 2, "memory": "300M", "partition": "small"}}}}]}
      """, to: "tasks/tasks.json")
    #expect(try await start(sandbox, "run").end(within: .seconds(60)).status == 0)
    #expect(try await sandbox.run("logs", "1").output == "small 2 300\n")
  }

  @Test("tasks of a pool take the cluster's licence, which only one of them gets at a time")
  func licence() async throws {
    let sandbox = try Sandbox((1...3).map { (String($0), []) })
    try sandbox.write(
      """
      pools: {db: 3}
      routes: [{pool: db}]
      slurm: {licenses: [db=oracle:1]}
      """, to: "lanes.yml")
    let run = try await start(
      sandbox, "run", "-j", "3", "--command", "mkdir held && sleep 0.5 && rmdir held"
    ).end(within: .seconds(60))
    #expect(run.status == 0)
    #expect(run.events.filter { $0.kind == "attempt_launched" }.count == 3)
  }
}
