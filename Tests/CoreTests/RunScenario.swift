import Core

/// A run on a virtual clock without processes: attempts end when the test says so, or after the
/// time that `durations` gives.
struct RunScenario {
  private(set) var state: RunState
  private(set) var now = Instant(microseconds: 0)
  private(set) var events: [RunEvent] = []
  private(set) var actions: [Action] = []
  private(set) var reply: Reply?
  var timers: [(timer: RunTimer, at: Instant)] = []

  /// A run of tasks given as `id: dependencies`, with sources' statuses where they matter.
  init(
    _ tasks: [(String, [String])], statuses: [String: TaskStatus] = [:],
    estimates: [String: Duration] = [:], workers: [String: String] = [:],
    _ change: (inout RunOptions) -> Void = { _ in }
  ) {
    var options = RunOptions()
    change(&options)
    let specs = tasks.map { id, dependencies in
      var spec = TaskSpec(
        id: TaskID(id), title: "", status: statuses[id] ?? .pending,
        dependencies: dependencies.map { TaskID($0) }, estimate: estimates[id])
      spec.worker = workers[id]
      return spec
    }
    self.init(
      RunManifest(
        id: RunID("r"), version: "test", directory: "/",
        plan: Plan(origin: Plan.Origin(file: "tasks.json"), tasks: specs), options: options))
  }

  init(_ manifest: RunManifest) {
    state = RunState(manifest: manifest, at: now)
    events = [RunEvent(at: now, .runStarted(manifest))]
    send(.begun)
  }

  mutating func send(_ input: Input) {
    let settled = state.settle(input, at: now)
    events += settled.events
    actions = settled.actions
    if let reply = settled.reply { self.reply = reply }
    for case .wake(let timer, let at) in settled.actions { timers.append((timer, at)) }
  }

  mutating func end(_ id: String, _ code: Int32 = 0) {
    send(.report(.ended(key(id), .exited(code), ResourceUsage())))
  }

  mutating func command(_ command: ControlCommand) { send(.command(command)) }

  /// Moves the clock, firing timers that come due on the way, in their order.
  mutating func pass(_ duration: Duration) {
    let end = now + duration
    while let next = timers.indices.filter({ timers[$0].at <= end })
      .min(by: { timers[$0].at < timers[$1].at })
    {
      let (timer, at) = timers.remove(at: next)
      now = max(now, at)
      send(.timer(timer))
    }
    now = end
  }

  /// Runs to the end with attempts that take the given times, and returns the makespan.
  mutating func play(_ durations: [String: Duration]) -> Duration {
    while !state.hasEnded {
      let ends = state.running.map { index in
        let id = state.manifest.plan.tasks[index].id
        let start = state.tasks[index].startedAt ?? now
        return (start + (durations[id.text] ?? .zero), id)
      }
      guard let (at, id) = ends.min(by: { ($0.0, $0.1) < ($1.0, $1.1) }) else { break }
      now = at
      end(id.text)
    }
    return now - Instant(microseconds: 0)
  }

  func key(_ id: String) -> AttemptKey {
    AttemptKey(TaskID(id), state.task(TaskID(id))?.attempt ?? 0)
  }

  /// The ids that have a running attempt, in order.
  var running: [String] {
    state.running.map { state.manifest.plan.tasks[$0].id }.sorted().map(\.text)
  }

  /// The kinds of the newest events since `count`.
  func kinds(since count: Int) -> [RunEvent.Kind] { events.dropFirst(count).map(\.kind) }

  func phase(_ id: String) -> TaskState.Phase? { state.task(TaskID(id))?.phase }
}

/// The seven tasks of the example: levels {1,3,4,6} {2,5} {7}.
let sevenTasks: [(String, [String])] = [
  ("1", []), ("2", ["1"]), ("3", []), ("4", []), ("5", ["3", "4"]), ("6", []),
  ("7", ["2", "5", "6"]),
]

let sevenTimes: [String: Duration] = [
  "1": .milliseconds(300), "2": .milliseconds(500), "3": .milliseconds(450),
  "4": .milliseconds(400), "5": .milliseconds(450), "6": .milliseconds(350),
  "7": .milliseconds(600),
]
