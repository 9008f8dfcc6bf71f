import Core

/// A run that is told, not run: its state at typical moments, on a virtual clock.
struct Story {
  private(set) var state: RunState
  private(set) var now = Instant(microseconds: 1_795_234_320_000_000)
  private(set) var events: [RunEvent]

  init(_ tasks: [TaskSpec], _ change: (inout RunOptions) -> Void = { _ in }) {
    var options = RunOptions()
    options.agent = "fast"
    options.command = "claude -p"
    change(&options)
    let manifest = RunManifest(
      id: RunID("20261121-041200-abc"), version: "1", directory: "/work/ecommerce",
      plan: Plan(origin: Plan.Origin(file: "tasks.json"), tasks: tasks), options: options)
    state = RunState(manifest: manifest, at: now)
    events = [RunEvent(at: now, .runStarted(manifest))]
    send(.begun)
  }

  mutating func send(_ input: Input) { events += state.settle(input, at: now).events }

  mutating func pass(_ duration: Duration) { now = now + duration }

  mutating func end(_ id: TaskID, code: Int32 = 0) {
    send(
      .report(
        .ended(key(id), .exited(code), ResourceUsage(cpu: .seconds(42), maxResident: 120_000_000))))
  }

  mutating func report(_ id: TaskID, _ fraction: Double, _ label: String = "") {
    send(.report(.output(key(id), progress: Progress(fraction: fraction, label: label))))
  }

  mutating func add(_ kind: RunEvent.Kind) {
    let event = RunEvent(at: now, kind)
    state.apply(event)
    events.append(event)
  }

  func key(_ id: TaskID) -> AttemptKey { AttemptKey(id, state.task(id)?.attempt ?? 1) }
}

/// The seven tasks of the example.
func sevenTasks() -> [TaskSpec] {
  func task(_ id: TaskID, _ title: String, _ dependencies: [TaskID]) -> TaskSpec {
    TaskSpec(id: id, title: title, dependencies: dependencies)
  }
  var cart = task("5", "Shopping Cart API", ["3", "4"])
  cart.priority = .high
  cart.files = ["src/cart/mod.rs", "src/cart/api.rs"]
  cart.text.description =
    "Build the cart service: add, change and remove items, with totals and taxes."
  cart.text.details =
    "Use the catalog's prices. A cart belongs to a user or to a session; when the user signs in, the two are merged."
  cart.text.acceptanceCriteria = [
    "Prices are those of the catalog", "Two carts merge without loss",
  ]
  cart.text.testStrategy = "Unit tests for totals, an integration test for merging."
  return [
    task("1", "Database Schema Setup", []), task("2", "API Endpoints", ["1"]),
    task("3", "User Authentication Module", []), task("4", "Product Catalog Module", []), cart,
    task("6", "Frontend Components", []), task("7", "Integration Tests", ["2", "5", "6"]),
  ]
}

extension Story {
  /// Twelve seconds after the start: four tasks run and nothing is known of how long they take.
  static func start() -> Story {
    var story = Story(sevenTasks())
    story.launch()
    story.pass(.seconds(12))
    return story
  }

  /// Level 1: one task reports its progress, the other runs for the second time.
  static func middle() -> Story {
    var story = Story(sevenTasks()) { $0.attempts = 2 }
    story.launch()
    story.pass(.seconds(30 * 60 + 2))
    story.end("1")
    story.pass(.seconds(6 * 60 + 18))
    story.end("6")
    story.pass(.seconds(3 * 60 + 31))
    story.end("4")
    story.pass(.seconds(4 * 60 + 19))
    story.end("3")
    story.launch()
    story.pass(.seconds(180))
    story.end("5", code: 1)
    story.pass(.seconds(6))
    story.send(.timer(.retry("5")))
    story.add(.warning(code: "slow", message: "the machine is short of memory", task: nil))
    story.pass(.seconds(538))
    story.report("2", 0.58, "writing tests")
    return story
  }

  /// The end, with one task that failed and one that could not start.
  static func failed() -> Story {
    var story = middle()
    story.pass(.seconds(60))
    story.end("5", code: 2)
    story.pass(.seconds(200))
    story.end("2")
    return story
  }

  /// Everything done.
  static func succeeded() -> Story {
    var story = middle()
    story.pass(.seconds(300))
    story.end("5")
    story.end("2")
    story.launch()
    story.pass(.seconds(400))
    story.end("7")
    return story
  }

  /// So many tasks that do not depend on each other, some of them done, and one behind them.
  static func wide(_ count: Int = 249) -> Story {
    var specs = (1...count).map { number in
      TaskSpec(
        id: TaskID("\(number)"), title: "Translate chapter \(number)",
        estimate: .seconds(60 + number % 7 * 20))
    }
    specs.append(
      TaskSpec(id: TaskID("\(count + 1)"), title: "Bind the book", dependencies: specs.map(\.id)))
    var story = Story(specs) {
      $0.jobs = 6
      $0.onFailure = .keepGoing
    }
    for step in 1...30 {
      story.pass(.seconds(9))
      guard let task = story.state.running.min() else { break }
      story.end(specs[task].id, code: step % 13 == 0 ? 1 : 0)
    }
    story.pass(.seconds(4))
    return story
  }

  /// So many tasks that do not depend on each other, all of them done.
  static func done(_ count: Int) -> Story {
    let specs = (1...count).map { TaskSpec(id: TaskID("\($0)"), title: "Page \($0)") }
    var story = Story(specs) { $0.jobs = 8 }
    while let task = story.state.running.min() {
      story.pass(.milliseconds(1))
      story.end(specs[task].id)
    }
    return story
  }

  /// Many levels of many tasks, each waiting for two of the level before; a third of it done.
  static func large(_ count: Int = 10_000, width: Int = 500) -> Story {
    let specs = (0..<count).map { number -> TaskSpec in
      let before = number - width
      let dependencies =
        before < 0
        ? [] : [before, before - before % width + (before + 7) % width].map { TaskID("\($0)") }
      return TaskSpec(
        id: TaskID("\(number)"), title: "Task number \(number) of a large plan",
        dependencies: Array(Set(dependencies)).sorted(), estimate: .seconds(30 + number % 11 * 9))
    }
    var story = Story(specs) {
      $0.jobs = 64
      $0.onFailure = .keepGoing
    }
    for _ in 0..<(count / 3) {
      story.pass(.milliseconds(700))
      guard let task = story.state.running.min() else { break }
      story.end(specs[task].id)
    }
    return story
  }

  private mutating func launch() {
    for (place, index) in state.running.sorted().enumerated() {
      let id = state.manifest.plan.tasks[index].id
      send(.report(.launched(key(id), ProcessIdentity(pid: 4242 + Int32(place), startTicks: 1))))
    }
  }
}

extension Story {
  /// The middle of a run in worktrees: task 5 works in one, task 3 is merged and its worktree gone.
  static func worktrees() -> Story { worktrees { _ in } }

  static func worktrees(_ change: (inout GitOptions) -> Void) -> Story {
    let commit = String(repeating: "a1", count: 20)
    var story = Story(sevenTasks()) {
      var git = GitOptions(repositories: [
        GitOptions.Repository(root: "/work/ecommerce", base: "main", commit: commit)
      ])
      change(&git)
      $0.git = git
    }
    for id: TaskID in ["1", "3", "4", "6"] {
      let path = "/work/ecommerce/.lanes/worktrees/\(id.text)"
      let branch = "feature/task-\(id.text)-implementation"
      story.add(
        .git(
          .workspaceReady(AttemptKey(id, 1), Workspace(path: path, branch: branch, base: commit)))
      )
    }
    story.launch()
    story.pass(.seconds(300))
    story.commit("3")
    story.add(.git(.workMerged(AttemptKey("3", 1), commit: String(repeating: "d4", count: 20))))
    story.add(.taskFinished("3", .succeeded))
    story.add(.git(.workspaceRemoved("3")))
    story.pass(.seconds(5))
    return story
  }

  /// A task has ended, and its work is committed and not merged.
  mutating func commit(_ id: TaskID) {
    let head = String(repeating: "c3", count: 20)
    let work = WorkCommit(head: head, files: ["src/auth.rs"], count: 1, hadLeftovers: false)
    add(.git(.workCommitted(AttemptKey(id, 1), work)))
    let usage = ResourceUsage(cpu: .seconds(42), maxResident: 120_000_000)
    add(.attemptEnded(AttemptKey(id, 1), .exited(code: 0), usage))
  }

  /// The seven tasks over three tracks, one of which is not open.
  static func tracks() -> Story {
    var crew = CrewOptions()
    let assignment = ["1": 1, "2": 1, "3": 2, "4": 2, "5": 2, "6": 3, "7": 1]
    crew.tracks = TrackOptions(
      names: ["backend", "shop", "frontend"],
      assignment: Dictionary(uniqueKeysWithValues: assignment.map { (TaskID($0.key), $0.value) }))
    crew.tracks?.opened = [1, 2]
    var story = Story(sevenTasks()) {
      $0.crew = crew
      $0.schedule = .tracks
    }
    story.launch()
    story.pass(.seconds(600))
    story.end("3")
    story.launch()
    story.pass(.seconds(120))
    story.report("1", 0.4, "writing migrations")
    return story
  }

  /// A task of the first level has failed while others still run.
  static func failedInLevel() -> Story {
    var story = Story(sevenTasks()) { $0.onFailure = .keepGoing }
    story.launch()
    story.pass(.seconds(90))
    story.end("4", code: 3)
    story.pass(.seconds(5))
    return story
  }
}
