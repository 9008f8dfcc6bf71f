import Core
import Testing

struct GraphTests {
  @Test("numbers come first, part by part, then text")
  func order() {
    let ids: [TaskID] = [
      "b", "10", "2.10", "a", "2", "2.9", "02", "2.", "99999999999999999999", "B",
    ]
    #expect(
      ids.sorted() == ["02", "2", "2.9", "2.10", "10", "99999999999999999999", "2.", "B", "a", "b"])
  }

  @Test("an index finds numbers, text and nothing")
  func index() {
    var index = TaskIndex(capacity: 1)
    let ids: [TaskID] = ["0", "7", "07", "4000000", "x", "12345678901", ""]
    #expect(ids.enumerated().map { index.insert($1, at: $0) } == [0, 1, 2, 3, 4, 5, 6])
    #expect(ids.map { index[$0] } == [0, 1, 2, 3, 4, 5, 6])
    #expect(index.insert("7", at: 9) == 1)
    #expect(index["8"] == nil)
    #expect(index["y"] == nil)
  }

  @Test("levels are the longest way from a task without dependencies")
  func levels() {
    let graph = TaskGraph(count: 5, edges: [(1, [0]), (2, [1, 0]), (4, [3])])
    #expect(graph.levels == [[0, 3], [1, 4], [2]])
    #expect(graph.level == [0, 1, 2, 0, 1])
    #expect(Array(graph.dependencies(of: 2)) == [1, 0])
    #expect(Array(graph.dependents(of: 0)) == [1, 2])
    #expect(graph.stuck == [])
    #expect(TaskGraph(starts: [0, 0, 1, 3, 3, 4], dependencies: [0, 1, 0, 3]) == graph)
  }

  @Test("a cycle leaves its tasks and those behind it without a level")
  func cycle() {
    let graph = TaskGraph(
      count: 8,
      edges: [(1, [0, 4]), (2, [1]), (3, [2]), (4, [2]), (5, [3]), (6, [7]), (7, [6])])
    #expect(graph.levels == [[0]])
    #expect(graph.stuck == [1, 2, 3, 4, 5, 6, 7])
    #expect(Cycles(in: graph).groups == [[1, 2, 4], [6, 7]])
    #expect(Cycles(in: graph).paths == [[1, 4, 2], [6, 7]])
  }

  @Test("a ring of 50,000 tasks is found without running out of stack")
  func ring() {
    let count = 50_000
    let graph = TaskGraph(
      starts: (0...Int32(count)).map { $0 },
      dependencies: (0..<count).map { Int32(($0 + 1) % count) })
    #expect(Cycles(in: graph).groups.map(\.count) == [count])
    #expect(Cycles(in: graph).paths.map(\.count) == [count])
  }

  @Test("the critical path weighs the tasks and prefers those of lower rank")
  func criticalPath() {
    let graph = TaskGraph(count: 5, edges: [(2, [0, 1]), (3, [2]), (4, [1])])
    #expect(CriticalPath.longestChain(in: graph) == [0, 2, 3])
    #expect(CriticalPath.longestChain(in: graph, ranks: [1, 0, 2, 3, 4]) == [1, 2, 3])
    let weighted = CriticalPath(graph: graph, weights: [1, 2, 1, 1, 9])
    #expect(weighted.path == [1, 4])
    #expect(weighted.length == 11)
    #expect(weighted.heads == [3, 11, 2, 1, 9])
    #expect(CriticalPath.longestChain(in: TaskGraph(count: 0, edges: [])) == [])
  }

  @Test("weights beyond all measure do not overflow")
  func hugeWeights() {
    let graph = TaskGraph(count: 3, edges: [(1, [0]), (2, [1])])
    #expect(CriticalPath(graph: graph, weights: [.max, .max, .max]).path == [0, 1, 2])
    #expect(Makespan.work(graph, weights: [.max, .max, .max]) == .max)
  }

  @Test("the seven tasks take what the plan says")
  func makespan() throws {
    let plan = try Fixture.ecommerce()
    let weights: [Int64] = [300, 500, 450, 400, 450, 350, 600]
    let heads = CriticalPath(graph: plan.graph, weights: weights).heads
    #expect(heads == [1400, 1100, 1500, 1450, 1050, 950, 600])
    #expect(Makespan.work(plan.graph, weights: weights) == 3050)
    #expect(Makespan.levelBound(plan.graph, weights: weights) == 1550)
    let byLevels = (1...4).map {
      Makespan.levels(plan.graph, weights: weights, heads: heads, workers: $0)
    }
    let freely = (1...4).map {
      Makespan.dataflow(plan.graph, weights: weights, heads: heads, workers: $0)
    }
    #expect(byLevels == [3050, 1900, 1750, 1550])
    #expect(freely == [3050, 1850, 1500, 1500])
  }

  @Test("estimates that are missing are the median of the others, or half an hour")
  func estimates() {
    let tasks = [1, 2, 9, nil].map { hours in
      TaskSpec(id: "x", title: "", estimate: hours.map { .seconds($0 * 3600) })
    }
    let estimates = Estimates(of: tasks)
    #expect(estimates.weights == [3_600_000_000, 7_200_000_000, 32_400_000_000, 7_200_000_000])
    #expect(estimates.declared == 3)
    #expect(Estimates(of: [TaskSpec(id: "1", title: "")]).weights == [1_800_000_000])
  }

  @Test("the nearest word is found within a third of its letters")
  func spelling() {
    #expect(nearest("jbos", among: ["jobs", "job"]) == "jobs")
    #expect(nearest("In-Progres", among: ["pending", "in-progress"]) == "in-progress")
    #expect(nearest("xyz", among: ["jobs", "done"]) == nil)
    #expect(nearest("", among: ["a"]) == nil)
  }
}
