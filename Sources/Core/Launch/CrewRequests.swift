/// Attempts that agents work on, and gates, into what a launcher needs to start them.
extension RequestBuilder {
  /// The request with the agent that the attempt was given to, and what it is told.
  func equipped(_ request: LaunchRequest, _ index: Int, _ state: RunState) -> LaunchRequest {
    guard let crew = state.crew else { return request }
    var request = request
    let (work, task) = (crew.works[index], state.manifest.plan.tasks[index])
    var context = Prompt.Context()
    context.attempt = request.key.attempt
    context.delivered = delivered(to: index, state)
    if let rejection = work.rejection, rejection.attempt < request.key.attempt {
      context.feedback = feedback(rejection, of: request.key.task)
      request.feedback = context.feedback
      request.set("LANES_FEEDBACK_FILE", request.files.feedback)
    }
    guard let agent = crew.agentOfWork(index), task.command == nil else {
      if !request.prompt.isEmpty { request.prompt = Prompt.text(for: task, context) }
      return request
    }
    request.prompt = prompt(task, context, crew.options)
    let session = agent.resumesSession && request.key.attempt > 1 ? work.session : nil
    request.employ(agent, session: session)
    return request
  }

  private func prompt(
    _ task: TaskSpec, _ context: Prompt.Context, _ options: CrewOptions
  ) -> String {
    guard let text = options.template, let template = try? PromptTemplate(text) else {
      return Prompt.text(for: task, context)
    }
    return template.text { Prompt.part($0, of: task, context) }
  }

  private func delivered(to index: Int, _ state: RunState) -> [String] {
    let plan = state.manifest.plan
    return plan.graph.dependencies(of: index).map { dependency in
      let spec = plan.tasks[dependency]
      let answer = state.crew?.works[dependency].answer.map { Verdict.firstLine(of: $0) } ?? ""
      return "\(spec.id) \(spec.title)" + (answer.isEmpty ? "" : ": \(answer)")
    }
  }

  /// Why a gate refused an attempt, with the end of what it wrote.
  private func feedback(_ rejection: CrewState.Rejection, of task: TaskID) -> String {
    let key = rejection.stage?.key ?? AttemptKey(task, rejection.attempt)
    let log = gateFiles(key, rejection.gate, rejection.gateTry).log
    let lines = LogText.lastLines(40, of: FileBytes.tail(log, count: 6000) ?? [])
      .filter { !$0.hasPrefix("{") }
    let output = lines.isEmpty ? "" : "\n\n" + lines.map { "    \($0)" }.joined(separator: "\n")
    return "The check \"\(rejection.gate)\" refused it: \(rejection.words)\(output)"
  }

  package func gateFiles(_ key: AttemptKey, _ gate: String, _ number: Int) -> AttemptFiles {
    let name = "\(CleanName.of(key.task)).\(key.attempt).\(CleanName.of(TaskID(gate))).\(number)"
    let path = runFolder + "/" + name
    return AttemptFiles(
      log: path + ".gate", exit: runFolder + "/exits", prompt: path + ".prompt")
  }

  /// The request for a gate, or nil when the run has none of that name.
  package func request(for order: GateOrder, in state: RunState) -> LaunchRequest? {
    guard let crew = state.crew,
      let gate = crew.options.gates.first(where: { $0.name == order.gate })
    else { return nil }
    let base =
      order.stage == nil
      ? request(for: order.key, in: state, asWorker: false) : stageRequest(order, state)
    guard var request = base else { return nil }
    request.files = gateFiles(order.key, order.gate, order.attempt)
    request.command = gate.command ?? ""
    request.prompt = ""
    request.set("LANES_GATE", gate.name)
    guard let agent = crew.reviewer(gate) else {
      return order.stage == nil ? request : inTree(request, order.stage, state)
    }
    request.prompt = review(gate, order, state)
    request.employ(agent, session: nil)
    request.format = agent.output
    return order.stage == nil ? request : inTree(request, order.stage, state)
  }

  /// Has a gate that is about several tasks work in a tree of what is merged, where tasks have worktrees.
  ///
  /// The gate's own command is a variable's value, so that nothing in it can end the line it stands in. A tree
  /// that a killed gate left half made is cleared away, and git is asked again where it met the removal of
  /// another worktree: neither says anything of the work.
  private func inTree(
    _ request: LaunchRequest, _ stage: GateStage?, _ state: RunState
  ) -> LaunchRequest {
    guard let git = state.git, let options = state.manifest.options.git,
      let tip = git.results.first?.tip, options.integrates
    else { return request }
    var request = request
    let tree = LanesFolder(in: state.manifest.directory).worktree(of: request.key.task) + ".gate"
    request.set("LANES_GATE_COMMAND", request.command)
    request.set("LANES_GATE_TREE", tree)
    request.set("LANES_GATE_COMMIT", stage?.commit ?? tip)
    request.set("LANES_WORKTREE", tree)
    request.command = """
      lanes_clear() {
        git worktree unlock "$LANES_GATE_TREE"
        git worktree remove --force "$LANES_GATE_TREE"
        rm -rf -- "$LANES_GATE_TREE"
        git worktree prune
      }
      for lanes_try in 1 2 3 4 5; do
        lanes_clear >/dev/null 2>&1
        git worktree add --quiet --force --detach "$LANES_GATE_TREE" "$LANES_GATE_COMMIT" && break
      done
      test -e "$LANES_GATE_TREE/.git" || exit
      (cd "$LANES_GATE_TREE" && sh -c "$LANES_GATE_COMMAND")
      lanes_status=$?
      lanes_clear >/dev/null 2>&1
      exit $lanes_status
      """
    return request
  }

  private func review(_ gate: Gate, _ order: GateOrder, _ state: RunState) -> String {
    let plan = state.manifest.plan
    if let index = plan.index(of: order.key.task), order.stage == nil {
      var context = Prompt.Context()
      context.attempt = order.key.attempt
      context.delivered = delivered(to: index, state)
      let answer = state.crew?.works[index].answer
      return Prompt.review(gate, of: plan.tasks[index], context, answer: answer)
    }
    let stage = order.stage ?? .final
    return Prompt.review(gate, of: tasks(of: stage, state), stage.words)
  }

  private func tasks(of stage: GateStage, _ state: RunState) -> [TaskSpec] {
    let plan = state.manifest.plan
    switch stage {
    case .level(let level), .probe(let level, _):
      return plan.graph.levels.indices.contains(level)
        ? plan.graph.levels[level].map { plan.tasks[$0] } : []
    case .sprint(let id):
      let sprint = state.crew?.options.tracks?.sprints.first { $0.id == id }
      return sprint?.tasks.compactMap { plan.index(of: $0).map { plan.tasks[$0] } } ?? []
    case .final: return plan.tasks
    }
  }

  private func stageRequest(_ order: GateOrder, _ state: RunState) -> LaunchRequest {
    var request = LaunchRequest(
      key: order.key, command: "", directory: state.manifest.directory,
      environment: sharedVariables, prompt: "", files: files(of: order.key))
    request.set("LANES_WORKTREE", state.manifest.directory)
    switch order.stage {
    case .level(let level), .probe(let level, _): request.set("LANES_LEVEL", String(level))
    case .sprint, .final, nil: break
    }
    return request
  }
}

extension LaunchRequest {
  mutating func set(_ name: String, _ value: String) { environment.set(name, value) }

  /// Has an agent do it.
  mutating func employ(_ agent: AgentProfile, session: String?) {
    command = agent.commandText(isResuming: session != nil)
    format = agent.output == .text ? nil : agent.output
    for (name, value) in agent.environment.sorted(by: { $0.key < $1.key }) { set(name, value) }
    set("LANES_AGENT", agent.name)
    if let model = agent.model { set("LANES_MODEL", model) }
    if let session { set("LANES_SESSION", session) }
    if format != nil { set("LANES_ERROR_FILE", files.errors) }
    if !prompt.isEmpty { set("LANES_PROMPT_FILE", files.prompt) }
  }
}
