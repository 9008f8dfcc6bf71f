import Core
import Glibc
import TUI
import Testing

/// What a frame and an event cost; run it on a release build with `LANES_BENCH=1`.
@Suite(.enabled(if: getenv("LANES_BENCH") != nil), .serialized)
struct ViewBench {
  @Test("the cost of a frame and of a group of events", arguments: [10, 1000, 10_000])
  func cost(tasks: Int) {
    var story = Story.large(tasks, width: max(5, tasks / 20))
    var viewer = Viewer(story, 200, 50)
    let views: [(String, Key)] = [
      ("lanes", "1"), ("log", "2"), ("graph", "3"), ("timeline", "4"), ("statistics", "5"),
      ("details", .enter),
    ]
    var parts: [(String, Int)] = []
    for (name, key) in views {
      viewer.press("1", key)
      let state = viewer.state
      parts.append((name, median(200) { frame(of: state).cells.count }))
    }
    viewer.press("1")
    let progress = median(300) {
      event(&story, &viewer) { $0.report($1, Double($2 % 100) / 100) }
    }
    parts.append(("progress", progress))
    let ends = median(300) { event(&story, &viewer) { story, id, _ in story.end(id) } }
    parts.append(("end and start", ends))
    let key = median(200) {
      viewer.press("j", "k")
      return 0
    }
    parts.append(("two keys", key))
    let tick = median(200) {
      story.pass(.seconds(1))
      _ = reduce(&viewer.state, .tick(story.now))
      return 0
    }
    parts.append(("tick", tick))
    let words = parts.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    print("\(tasks) tasks at 200x50, median µs: \(words)")
  }

  @Test("a list of all tasks in one level costs no more")
  func list() {
    let viewer = Viewer(Story.wide(10_000), 50, 50)
    let state = viewer.state
    print("10000 tasks as a list: \(median(200) { frame(of: state).cells.count }) (median µs)")
  }

  private func event(
    _ story: inout Story, _ viewer: inout Viewer, _ change: (inout Story, TaskID, Int) -> Void
  ) -> Int {
    let count = story.events.count
    story.pass(.milliseconds(100))
    guard let task = story.state.running.first else { return 0 }
    change(&story, story.state.manifest.plan.tasks[task].id, count)
    let events = Array(story.events[count...])
    let start = now()
    _ = reduce(&viewer.state, .run(events))
    return -(now() - start)
  }

  /// The median time of a body; what it returns below zero is a time it measured itself.
  private func median(_ count: Int, _ body: () -> Int) -> Int {
    var times = (0..<count).map { _ in
      let start = now()
      let own = body()
      return own < 0 ? -own : now() - start
    }
    times.sort()
    return times[count / 2] / 1000
  }

  /// Nanoseconds of a clock that goes on.
  private func now() -> Int {
    let passed = (ContinuousClock.now - Self.start).components
    return Int(passed.seconds) * 1_000_000_000 + Int(passed.attoseconds / 1_000_000_000)
  }

  private static let start = ContinuousClock.now
}
