import Core
import Testing

struct TracksWidthTests {
  @Test("the most tasks at once are the most that brute force finds, on 1000 random graphs")
  func bruteForce() {
    var random = SplitMix(state: 7)
    for _ in 0..<1000 {
      let count = Int.random(in: 1...12, using: &random)
      let density = Int.random(in: 0...100, using: &random)
      var edges: [(Int, [Int])] = []
      for task in 0..<count {
        edges.append(
          (task, (0..<task).filter { _ in Int.random(in: 0..<100, using: &random) < density }))
      }
      let graph = TaskGraph(count: count, edges: edges)
      let width = TracksWidth(of: graph)
      let reach = Self.reach(graph)
      #expect(width.count == Self.largestAntichain(reach, count))
      #expect(Self.isAntichain(width.tasks, reach))
    }
  }

  @Test("the most tasks at once of every real file are as many as chains that cover it")
  func corpus() throws {
    for tag in try Corpus.tags() {
      let plan = try TaskMasterImporter.plan(from: Corpus.document(tag.file), tag: tag.tag)
      for graph in [plan.graph, plan.remaining().graph] where graph.stuck.isEmpty {
        let reach = Self.reachSets(graph)
        let width = TracksWidth(of: graph)
        #expect(
          width.tasks.allSatisfy { task in reach[task].isDisjoint(with: width.tasks) })
        #expect(width.count == Self.chainCover(reach))
      }
    }
  }

  @Test("10 000 tasks take no time that anyone notices")
  func large() {
    var random = SplitMix(state: 3)
    let edges = (0..<10_000).map { task in
      (task, task < 20 ? [] : (0..<3).map { _ in Int.random(in: task - 20..<task, using: &random) })
    }
    let graph = TaskGraph(count: 10_000, edges: edges)
    let clock = ContinuousClock()
    var count = 0
    let time = clock.measure { count = TracksWidth(of: graph).count }
    print("width of 10000 tasks: \(count) in \(time)")
    #expect(count > 1)
  }

  /// For each task the tasks that wait for it, as bits.
  private static func reach(_ graph: TaskGraph) -> [UInt32] {
    var reach = [UInt32](repeating: 0, count: graph.count)
    for task in (0..<graph.count).reversed() {
      for dependent in graph.dependents(of: task) {
        reach[task] |= 1 << UInt32(dependent) | reach[dependent]
      }
    }
    return reach
  }

  private static func isAntichain(_ tasks: [Int], _ reach: [UInt32]) -> Bool {
    let bits = tasks.reduce(UInt32(0)) { $0 | 1 << UInt32($1) }
    return tasks.allSatisfy { reach[$0] & bits == 0 }
  }

  private static func largestAntichain(_ reach: [UInt32], _ count: Int) -> Int {
    (UInt32(0)..<(1 << UInt32(count))).lazy.filter { bits in
      (0..<count).allSatisfy { bits >> UInt32($0) & 1 == 0 || reach[$0] & bits == 0 }
    }.map(\.nonzeroBitCount).max() ?? 0
  }

  private static func reachSets(_ graph: TaskGraph) -> [Set<Int>] {
    var reach = [Set<Int>](repeating: [], count: graph.count)
    for level in graph.levels.reversed() {
      for task in level {
        for dependent in graph.dependents(of: task) {
          reach[task].formUnion(reach[dependent])
          reach[task].insert(dependent)
        }
      }
    }
    return reach
  }

  /// The fewest chains that cover all tasks, by Kuhn's algorithm: another way to the same number.
  private static func chainCover(_ reach: [Set<Int>]) -> Int {
    var partner = [Int](repeating: -1, count: reach.count)
    func extend(_ task: Int, _ seen: inout Set<Int>) -> Bool {
      for other in reach[task] where seen.insert(other).inserted {
        if partner[other] < 0 || extend(partner[other], &seen) {
          partner[other] = task
          return true
        }
      }
      return false
    }
    var matched = 0
    for task in reach.indices {
      var seen: Set<Int> = []
      if extend(task, &seen) { matched += 1 }
    }
    return reach.count - matched
  }
}
