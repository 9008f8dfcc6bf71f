import Core

/// Turns what is said of agents, gates and tracks into what a run starts with.
enum CrewPreparation {
  static func options(
    _ call: Call, _ settings: Settings, _ plan: Plan, _ options: RunOptions
  ) throws -> CrewOptions? {
    let template = try settings.prompt.map { try self.template($0, call) }
    guard var crew = settings.crewOptions(template: template, schedule: options.schedule) else {
      return nil
    }
    crew.tracks = tracks(of: plan)
    if options.schedule == .tracks, crew.tracks?.assignment.isEmpty ?? true {
      crew.tracks = divided(plan)
    }
    if options.schedule == .tracks {
      let count = crew.tracks?.count ?? 0
      if let track = call.invocation.integer("track") {
        guard track <= count else {
          throw Failure(
            .usage, "lanes run: --track: there is no track \(track); there are \(count)")
        }
        crew.tracks?.opened = [track]
      }
    }
    return crew
  }

  private static func template(_ file: String, _ call: Call) throws -> String {
    let path = file.hasPrefix("/") ? file : call.project.directory + "/" + file
    guard let bytes = FileBytes.read(path) else {
      throw Failure(
        .usage, "lanes: \(cleaned(file)): the template of prompts cannot be read; name one that can"
      )
    }
    let text = String(decoding: bytes, as: UTF8.self)
    do throws(PromptTemplateError) { _ = try PromptTemplate(text) } catch {
      throw Failure(.usage, "lanes: \(cleaned(file)): \(cleaned("\(error)"))")
    }
    return text
  }

  /// A plan that names no tracks, over as many as can be busy.
  private static func divided(_ plan: Plan) -> TrackOptions {
    let analysis = TrackAnalysis(plan, requested: nil)
    var options = TrackOptions()
    for (task, track) in zip(plan.tasks, analysis.tracks.track) {
      options.assignment[task.id] = track + 1
    }
    options.names = (0..<analysis.tracks.count).map { analysis.name(of: $0) }
    return options
  }

  /// The tracks and sprints that the plan names; nil when it names none.
  private static func tracks(of plan: Plan) -> TrackOptions? {
    var options = TrackOptions()
    for task in plan.tasks { options.assignment[task.id] = task.track }
    for sprint in plan.sprints {
      options.sprints.append(
        TrackOptions.SprintPart(
          id: sprint.id, name: sprint.name, track: sprint.track, tasks: sprint.tasks))
      guard let track = sprint.track else { continue }
      for id in sprint.tasks where options.assignment[id] == nil {
        if plan.index(of: id) != nil { options.assignment[id] = track }
      }
    }
    if options.assignment.isEmpty, options.sprints.isEmpty { return nil }
    let count = (options.assignment.values.max() ?? 0)
    options.names = count == 0 ? [] : (1...count).map { plan.trackNames[$0] ?? "" }
    return options
  }
}
