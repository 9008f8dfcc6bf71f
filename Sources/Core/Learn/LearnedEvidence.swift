extension Prediction {
  /// More pairs than this are not compared, only those that already claim a file together.
  private static let mostCompared = 200_000

  /// Adds what the history makes of the texts of tasks that work in the project's own repository.
  ///
  /// Cost: about 1 µs a pair of tasks, of a level where the schedule has barriers.
  func addLearned(
    _ model: ConflictModel, _ plan: Plan, _ files: RepositoryFiles,
    to meetings: inout [IndexPair: Meeting]
  ) {
    let reader = ClaimReader(files: files, ignored: ignored)
    let tasks = plan.tasks.indices.filter {
      plan.tasks[$0].status.isRunnable && plan.tasks[$0].repository == nil
        && plan.graph.level[$0] >= 0
    }
    var profiles: [Int: TaskProfile] = [:]
    for task in tasks {
      let text = ClaimReader.text(of: plan.tasks[task])
      profiles[task] = model.knowledge.profile(text, named: reader.named(in: text))
    }
    for pair in pairs(of: tasks, plan) ?? Array(meetings.keys) {
      guard let first = profiles[pair.first], let second = profiles[pair.second] else { continue }
      let overlap = model.knowledge.overlap(first, second)
      let probability = model.probability(overlap)
      guard probability >= leastLearned || meetings[pair] != nil else { continue }
      let ids = (plan.tasks[pair.first].id, plan.tasks[pair.second].id)
      let evidence = model.knowledge.evidence(first, second, overlap, probability, ids).filter {
        !ignored.contains($0.path)
      }
      meetings[pair, default: Meeting()].learned = (probability, evidence)
    }
  }

  /// The pairs that could run at the same time; nil when they are too many.
  private func pairs(of tasks: [Int], _ plan: Plan) -> [IndexPair]? {
    let groups =
      schedule == .levels && leastLearned > 0
      ? Dictionary(grouping: tasks) { plan.graph.level[$0] }.values.map { $0 } : [tasks]
    let count = groups.reduce(0) { $0 + $1.count * ($1.count - 1) / 2 }
    guard count <= Self.mostCompared else { return nil }
    return groups.flatMap { group in
      group.indices.flatMap { place in
        group[(place + 1)...].map { IndexPair(group[place], $0) }
      }
    }
  }
}

extension FileKnowledge {
  private enum Most {
    static let files = 5
    static let words = 3
  }
  /// A file less probable than this is no reason.
  private static let leastShare = 0.02

  /// The files in which two tasks probably meet, the likeliest first, and the words that say so.
  func evidence(
    _ first: TaskProfile, _ second: TaskProfile, _ overlap: TaskOverlap,
    _ probability: Double, _ ids: (TaskID, TaskID)
  ) -> [PredictedConflict.Evidence] {
    let names = [first, second].map { profile in
      MessageWords.words(in: profile.text).compactMap { word in words[word].map { (word, $0) } }
    }
    var links: [Link] = []
    // The files have parts in the whole probability as they have in what they alone would make it.
    let part = Float(probability / max(overlap.files, 1e-6))
    common(first.files, second.files, \.file) {
      let share = min(Float(probability), part * $0.share * $1.share)
      links.append(Link(file: $0.file, share: share))
    }
    let files = Self.best(links.filter { Double($0.share) >= Self.leastShare }, Most.files).map {
      link in
      let reasons = zip(names, [ids.0, ids.1]).map { reason(link.file, $0, $1) }
      return PredictedConflict.Evidence(
        path: paths[Int(link.file)], probability: Double(link.share),
        words: Set(reasons).count == 1 ? reasons[0] : reasons.joined(separator: ", "))
    }
    return files + shared(names, first, second, overlap)
  }

  /// Why a task with these words probably changes a file.
  private func reason(_ file: Int32, _ names: [(word: String, number: Int32)], _ id: TaskID)
    -> String
  {
    let said = names.compactMap { name -> (word: String, weight: Float)? in
      let share = filesOfWords[Int(name.number)].first { $0.file == file }?.share ?? 0
      let weight = share * wordFacts[Int(name.number)].weight
      return weight > 0 ? (name.word, weight) : nil
    }
    if said.isEmpty {
      return usual.contains { $0.file == file }
        ? "often changed" : "changes together with files of \(cleaned(id.text))"
    }
    let best = said.sorted { ($1.weight, $0.word) < ($0.weight, $1.word) }.prefix(Most.words)
    return "goes with \(Self.list(best.map(\.word))) of \(cleaned(id.text))"
  }

  /// The words that both have, those that tell most first.
  private func shared(
    _ names: [[(word: String, number: Int32)]], _ first: TaskProfile, _ second: TaskProfile,
    _ overlap: TaskOverlap
  ) -> [PredictedConflict.Evidence] {
    guard let strongest = overlap.strongest else { return [] }
    let others = Set(names[1].map(\.number))
    let known = names[0].filter { others.contains($0.number) }
      .map { (word: $0.word, rate: wordFacts[Int($0.number)].rate) }
    let new = first.new.filter(second.new.contains).map { (word: $0, rate: rateOfNewWords) }
    let best = (known + new).sorted { ($1.rate, $0.word) < ($0.rate, $1.word) }.prefix(Most.words)
    return [
      PredictedConflict.Evidence(
        path: "", probability: strongest, words: "both say \(Self.list(best.map(\.word)))")
    ]
  }

  private static func list(_ words: [String]) -> String {
    words.map { "“\(cleaned($0))”" }.joined(separator: ", ")
  }
}
