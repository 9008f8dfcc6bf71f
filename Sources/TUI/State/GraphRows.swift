import Core

/// The tree of what a task waits for and of what it frees, line by line.
struct GraphRows: Equatable {
  struct Row: Equatable {
    enum Content: Equatable {
      case heading(String)
      case task(Int)
      /// A task whose own branches are drawn further up.
      case again(Int)
      /// So many that are left out.
      case more(Int)
    }

    var content: Content
    /// For each step from the root whether more of that step's branches follow below.
    var stems: [Bool]
  }

  /// The most lines in each direction, and the most branches of one task.
  private static let limit = 300
  private static let branches = 60

  private(set) var rows: [Row] = []
  private(set) var rootRow = 0

  /// Cost: O(lines), which are limited.
  init(root: Int, graph: TaskGraph) {
    guard root < graph.count else { return }
    grow(from: root, "waits for") { Array(graph.dependencies(of: $0)) }
    rootRow = rows.count
    rows.append(Row(content: .task(root), stems: []))
    grow(from: root, "frees") { Array(graph.dependents(of: $0)) }
  }

  private mutating func grow(from root: Int, _ heading: String, _ next: (Int) -> [Int]) {
    let first = next(root)
    guard !first.isEmpty else {
      rows.append(Row(content: .heading("\(heading) no task"), stems: []))
      return
    }
    rows.append(Row(content: .heading("\(heading) \(counted(first.count, "task"))"), stems: []))
    var tree: [Row] = []
    var seen: Set = [root]
    branch(first, [], &tree, &seen, next)
    rows += tree
  }

  private func branch(
    _ tasks: [Int], _ stems: [Bool], _ tree: inout [Row], _ seen: inout Set<Int>,
    _ next: (Int) -> [Int]
  ) {
    for (place, task) in tasks.enumerated() {
      let left = tasks.count - place
      if left > 1, place >= Self.branches || tree.count >= Self.limit {
        tree.append(Row(content: .more(left), stems: stems + [false]))
        return
      }
      let own = stems + [left > 1]
      let children = next(task)
      guard seen.insert(task).inserted else {
        tree.append(Row(content: children.isEmpty ? .task(task) : .again(task), stems: own))
        continue
      }
      tree.append(Row(content: .task(task), stems: own))
      if !children.isEmpty, own.count > 40 || tree.count >= Self.limit {
        tree.append(Row(content: .more(children.count), stems: own + [false]))
      } else {
        branch(children, own, &tree, &seen, next)
      }
    }
  }

  func task(at row: Int) -> Int? {
    switch rows[safe: row]?.content {
    case .task(let task), .again(let task): task
    case .heading, .more, nil: nil
    }
  }
}

extension ViewState {
  func graphRows() -> GraphRows {
    GraphRows(root: graph.root ?? graphRoot, graph: plan.graph)
  }

  /// The task the graph is drawn around when none was chosen.
  private var graphRoot: Int {
    if case .task(let task) = cursor { return task }
    return run.running.first ?? 0
  }
}
