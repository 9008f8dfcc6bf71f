/// The JSON form of events about worktrees and merges.
extension GitEvent {
  func encodeFields(into json: inout JSONWriter) {
    switch self {
    case .workspaceReady(let key, let workspace):
      json.field(key)
      json.field("path", workspace.path)
      if !workspace.branch.isEmpty { json.field("branch", workspace.branch) }
      json.field("base", workspace.base)
      if let resolves = workspace.resolves { json.field("resolves", resolves) }
      if let ancestor = workspace.ancestor { json.field("ancestor", ancestor) }
    case .workspaceRemoved(let id): json.field("task", id.text)
    case .workCommitted(let key, let commit):
      json.field(key)
      json.field("head", commit.head)
      json.field("count", commit.count)
      json.strings("files", commit.files)
      json.field("leftovers", commit.hadLeftovers)
      json.field("took", commit.took.seconds)
    case .mergeStarted(let repository, let tasks):
      json.field("repository", repository)
      json.strings("tasks", tasks.map(\.text))
    case .workMerged(let key, let commit):
      json.field(key)
      json.field("commit", commit)
    case .mergeConflicted(let key, let conflict):
      json.field(key)
      json.field("next", conflict.next.rawValue)
      json.strings("others", conflict.others.map(\.text))
      json.conflicts(conflict.files)
    case .mergeFailed(let message): json.field("message", message)
    case .resultMoved(let repository, let branch, let commit):
      json.field("repository", repository)
      json.field("branch", branch)
      json.field("commit", commit)
    case .contactSeen(let one, let two, let contact):
      json.strings("tasks", [one.text, two.text])
      json.strings("files", contact.files)
      json.conflicts(contact.conflicts)
    case .publishing(let repository, let branch):
      json.field("repository", repository)
      json.field("branch", branch)
    case .published(let repository, let branch, let words, let isDone):
      json.field("repository", repository)
      json.field("branch", branch)
      json.field("message", words)
      json.field("done", isDone)
    case .heldBack(let key, let other):
      json.field(key)
      json.field("behind", other.text)
    case .culpritSought(let search):
      json.field("level", search.level)
      json.field("gate", search.gate)
      json.field("try", search.attempt)
      json.field("message", search.words)
      json.strings("tasks", search.tasks.map(\.text))
    case .culpritFound(let key, let gate, let words):
      json.field(key)
      json.field("gate", gate)
      json.field("message", words)
    case .resultRemade(let result): result.encodeFields(into: &json)
    case .workSetAside(let key, let gate, let words, let isRefused, let ref):
      json.field(key)
      json.field("gate", gate)
      json.field("message", words)
      json.field("refused", isRefused)
      json.field("ref", ref)
    case .searchEnded(let level, let gate, let end):
      json.field("level", level)
      json.field("gate", gate)
      json.field("end", end.rawValue)
    case .speculationStarted(let key, let others):
      json.field(key)
      json.strings("beside", others.map(\.text))
    case .speculationEnded(let key, let end):
      json.field(key)
      json.field("end", end.verdict.rawValue)
      json.strings("others", end.others.map(\.text))
      json.field("time", end.time.seconds)
    }
  }

  /// The event of a name with its fields, or nil when either is not known.
  init?(name: String, fields json: JSONNode) {
    guard let event = Self.decode(name, json) else { return nil }
    self = event
  }

  private static func decode(_ name: String, _ json: JSONNode) -> Self? {
    switch name {
    case "workspace_removed": json.task.map(Self.workspaceRemoved)
    case "merge_started":
      .mergeStarted(
        repository: json["repository"]?.integer ?? 0,
        tasks: json.strings("tasks").map { TaskID($0) })
    case "merge_failed": .mergeFailed(json["message"]?.string ?? "")
    case "result_moved":
      (json["commit"]?.string).map {
        .resultMoved(
          repository: json["repository"]?.integer ?? 0, branch: json["branch"]?.string ?? "",
          commit: $0)
      }
    case "publishing":
      .publishing(
        repository: json["repository"]?.integer ?? 0, branch: json["branch"]?.string ?? "")
    case "published":
      .published(
        repository: json["repository"]?.integer ?? 0, branch: json["branch"]?.string ?? "",
        words: json["message"]?.string ?? "", isDone: json["done"]?.bool ?? false)
    case "contact_seen":
      json.pair.map { one, two in
        .contactSeen(one, two, Contact(files: json.strings("files"), conflicts: json.conflicts))
      }
    default: json.attempt.flatMap { decodeWork(name, $0, json) } ?? decodeSearch(name, json)
    }
  }

  private static func decodeSearch(_ name: String, _ json: JSONNode) -> Self? {
    let (level, gate) = (json["level"]?.integer ?? 0, json["gate"]?.string ?? "")
    return switch name {
    case "culprit_sought":
      .culpritSought(
        CulpritSearch(
          level: level, gate: gate, attempt: json["try"]?.integer ?? 1,
          words: json["message"]?.string ?? "", tasks: json.strings("tasks").map { TaskID($0) }))
    case "result_remade": RemadeResult(fields: json).map(Self.resultRemade)
    case "culprit_search_ended":
      .searchEnded(level: level, gate: gate, json.choice("end") ?? .abandoned)
    default: nil
    }
  }

  private static func decodeWork(_ name: String, _ key: AttemptKey, _ json: JSONNode) -> Self? {
    switch name {
    case "workspace_ready":
      Workspace(fields: json).map { .workspaceReady(key, $0) }
    case "work_committed":
      (json["head"]?.string).map {
        .workCommitted(
          key,
          WorkCommit(
            head: $0, files: json.strings("files"), count: json["count"]?.integer ?? 0,
            hadLeftovers: json["leftovers"]?.bool ?? false,
            took: json.duration("took") ?? .zero))
      }
    case "work_merged": (json["commit"]?.string).map { .workMerged(key, commit: $0) }
    case "culprit_found":
      .culpritFound(
        key, gate: json["gate"]?.string ?? "", words: json["message"]?.string ?? "")
    case "work_set_aside":
      .workSetAside(
        key, gate: json["gate"]?.string ?? "", words: json["message"]?.string ?? "",
        isRefused: json["refused"]?.bool ?? true, ref: json["ref"]?.string ?? "")
    case "speculation_started":
      .speculationStarted(key, beside: json.strings("beside").map { TaskID($0) })
    case "speculation_ended":
      json.choice("end").map { (verdict: SpeculationEnd.Verdict) in
        .speculationEnded(
          key,
          SpeculationEnd(
            verdict, others: json.strings("others").map { TaskID($0) },
            time: json.duration("time") ?? .zero))
      }
    case "held_back": (json["behind"]?.string).map { .heldBack(key, behind: TaskID($0)) }
    case "merge_conflicted":
      .mergeConflicted(
        key,
        MergeConflict(
          files: json.conflicts, others: json.strings("others").map { TaskID($0) },
          next: json.choice("next") ?? .stop))
    default: nil
    }
  }
}

extension Workspace {
  fileprivate init?(fields json: JSONNode) {
    guard let path = json["path"]?.string, let base = json["base"]?.string else { return nil }
    self.init(
      path: path, branch: json["branch"]?.string ?? "", base: base,
      resolves: json["resolves"]?.string, ancestor: json["ancestor"]?.string)
  }
}

extension RemadeResult {
  fileprivate func encodeFields(into json: inout JSONWriter) {
    json.field("repository", repository)
    json.field("branch", branch)
    json.field("commit", commit)
    json.key(plain: "merges")
    json.array { json in
      for merge in merges {
        json.object { json in
          json.field("task", merge.task.text)
          json.field("commit", merge.commit)
        }
      }
    }
    json.strings("without", without.map(\.text))
  }

  fileprivate init?(fields json: JSONNode) {
    guard let commit = json["commit"]?.string else { return nil }
    let merges = json["merges"]?.elements.compactMap { entry -> Merge? in
      guard let task = entry.task, let commit = entry["commit"]?.string else { return nil }
      return Merge(task: task, commit: commit)
    }
    self.init(
      repository: json["repository"]?.integer ?? 0, branch: json["branch"]?.string ?? "",
      commit: commit, merges: merges ?? [], without: json.strings("without").map { TaskID($0) })
  }
}

extension JSONWriter {
  /// Writes `conflicts`: for each file `path`, `reason` and `lines`, pairs of first and last line.
  mutating func conflicts(_ files: [ConflictedFile]) {
    if files.isEmpty { return }
    key(plain: "conflicts")
    array { json in
      for file in files {
        json.object { json in
          json.field("path", file.path)
          json.field("reason", file.reason)
          json.key(plain: "lines")
          json.array { json in
            for range in file.lines {
              json.array { json in
                json.integer(range.lowerBound)
                json.integer(range.upperBound)
              }
            }
          }
        }
      }
    }
  }
}

extension JSONNode {
  fileprivate var conflicts: [ConflictedFile] {
    guard let files = self["conflicts"]?.elements else { return [] }
    return files.map { file in
      let lines = file["lines"]?.elements.compactMap { pair -> ClosedRange<Int>? in
        let ends = pair.elements.compactMap(\.integer)
        return ends.count == 2 && ends[0] <= ends[1] ? ends[0]...ends[1] : nil
      }
      return ConflictedFile(
        path: file["path"]?.string ?? "", lines: lines ?? [],
        reason: file["reason"]?.string ?? "content")
    }
  }

  fileprivate var pair: (TaskID, TaskID)? {
    let ids = strings("tasks")
    return ids.count == 2 ? (TaskID(ids[0]), TaskID(ids[1])) : nil
  }
}
