import Core

/// Turns what is said of agents, gates and tracks into what a run starts with.
enum CrewPreparation {
  static func options(
    _ call: Call, _ settings: Settings, _ plan: Plan, _ options: RunOptions
  ) throws -> CrewOptions? {
    let template = try settings.prompt.map { try self.template($0, call) }
    guard var crew = settings.crewOptions(template: template) else { return nil }
    crew.tracks = tracks(of: plan)
    if options.schedule == .tracks {
      guard let count = crew.tracks?.count, count > 0 else {
        throw Failure(
          .usage,
          "lanes run: the task list does not say which task is on which track;"
            + " `lanes plan --tracks auto --write` does")
      }
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
