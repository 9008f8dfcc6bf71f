import Core

/// `lanes conflicts`: which tasks will probably change the same files, and what the history teaches of it.
enum ConflictsCommand {
  static func run(_ call: Call) throws -> ExitStatus {
    switch call.invocation.operands {
    case ["train"]: try train(call)
    case ["evaluate"]: try evaluate(call)
    default: try show(call)
    }
    return .done
  }

  /// Learns the history and keeps what was learnt.
  private static func train(_ call: Call) throws {
    let clock = ContinuousClock()
    let start = clock.now
    let (log, commit) = try history(call)
    let read = clock.now
    let model = ConflictModel(
      log, tasks: PastTasks(log), oldest: log.commits.count, commit: commit)
    let folder = call.project.folder
    let bytes: Int
    do {
      try folder.create()
      bytes = try ModelStore.store(model, in: folder)
    } catch {
      throw Failure(.usage, "lanes conflicts: what was learnt could not be kept: \(error)")
    }
    let training = ConflictTraining(
      model: model, log: log, bytes: bytes, reading: start.duration(to: read),
      whole: start.duration(to: clock.now))
    if call.invocation.flags["format"] == "json" {
      call.console.out(bytes: training.json)
    } else {
      call.console.out(training.lines)
    }
  }

  private static func evaluate(_ call: Call) throws {
    let evaluation = ConflictEvaluation(try history(call).log)
    if call.invocation.flags["format"] == "json" {
      call.console.out(bytes: evaluation.json)
    } else {
      call.console.out(evaluation.lines)
    }
  }

  private static func history(_ call: Call) throws -> (log: CommitLog, commit: String) {
    let settings = try call.settings()
    let folder = call.project.directory
    guard GitPreflight.isInRepository(folder) else {
      throw Failure(.usage, "lanes conflicts: \(cleaned(folder)) is in no git repository")
    }
    let ignored = IgnoreList(settings.conflicts.ignored)
    let reader = CommitLogReader(folder: folder, environment: EnvironmentBlock.inherited())
    let (log, commit): (CommitLog, String)
    do throws(GitError) {
      (log, commit) = try reader.log(
        of: settings.git.base ?? "HEAD",
        count: call.invocation.integer("commits") ?? CommitLogReader.usualCount,
        isIgnored: ignored.contains)
    } catch {
      throw Failure(.usage, "lanes conflicts: the history cannot be read: \(error)")
    }
    return (log, commit)
  }

  /// The pairs of the plan with all that speaks for them, or the one pair that is asked for.
  private static func show(_ call: Call) throws {
    let settings = try call.settings()
    let plan = try call.plan(settings, file: call.invocation.flags["file"])
    var report = PlanReport(plan, jobs: settings.runOptions.jobs)
    let asked = try pair(call, plan)
    var found = GitPreparation.predictions(
      call, settings, plan, leastLearned: asked == nil ? nil : 0)
    if let (first, second) = asked {
      found = found.filter { Set([$0.first, $0.second]) == [first, second] }
      if found.isEmpty {
        found = [
          PredictedConflict(
            first: first, second: second, probability: 0, evidence: [], standing: .unlikely)
        ]
      }
    }
    report.note(found, settings.schedule, settings.predictedPolicy)
    if call.invocation.flags["format"] == "json" {
      call.console.out(bytes: report.conflictJSON)
    } else if found.isEmpty {
      call.console.out("✅ No two tasks are known to change the same file")
    } else {
      call.console.out(Array(report.conflictLines(mostEvidence: 20).dropFirst()))
    }
  }

  private static func pair(_ call: Call, _ plan: Plan) throws -> (TaskID, TaskID)? {
    guard call.invocation.operands.count == 2 else { return nil }
    let ids = call.invocation.operands.map { TaskID($0) }
    for id in ids where plan.index(of: id) == nil {
      let meant = nearest(id.text, among: plan.tasks.map(\.id.text))
      throw Failure(
        .usage,
        "lanes conflicts: there is no task \(quoted(id.text))"
          + (meant.map { "; did you mean \(cleaned($0))?" } ?? ""))
    }
    return (ids[0], ids[1])
  }
}

/// What was learnt before, as far as it can be used.
enum LearnedConflicts {
  /// The model of the project's history up to `commit`; nil, with a word, when there is none that fits.
  static func model(_ call: Call, at commit: String) -> ConflictModel? {
    let renew = "`lanes conflicts train` learns anew"
    switch ModelStore.load(from: call.project.folder) {
    case .nothing: return nil
    case .setAside(let path):
      call.console.note(
        "lanes: what was learnt of conflicts cannot be read and is now \(cleaned(path)); \(renew)")
      return nil
    case .model(let model):
      let reader = CommitLogReader(
        folder: call.project.directory, environment: EnvironmentBlock.inherited())
      guard let distance = reader.distance(from: model.commit, to: commit) else {
        call.console.note(
          "lanes: what was learnt of conflicts is not of this history and is left aside; \(renew)")
        return nil
      }
      if distance > max(500, model.knowledge.commits / 5) {
        call.console.note(
          "lanes: what was learnt of conflicts lacks the newest \(distance) commits; \(renew)")
      }
      return model
    }
  }
}
