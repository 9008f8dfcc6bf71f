/// Turns an attempt that a run decided on into what a launcher needs to start it.
package struct RequestBuilder: Sendable {
  /// The folder of the run's logs, absolute.
  package let runFolder: String
  private let shared: [Variable]

  /// What every process of the run gets.
  var sharedVariables: [Variable] { shared }

  package init(manifest: RunManifest, runFolder: String) {
    self.runFolder = runFolder
    var shared = manifest.options.environment.map { Variable($0.key, $0.value) }
    shared.append(Variable("LANES_RUN_ID", manifest.id.text))
    if manifest.options.crew == nil, let agent = manifest.options.agent {
      shared.append(Variable("LANES_AGENT", agent))
    }
    self.shared = shared
  }

  package func files(of key: AttemptKey) -> AttemptFiles {
    AttemptFiles.of(runFolder: runFolder, task: key.task, attempt: key.attempt)
  }

  /// The request for an attempt.
  ///
  /// `state` is of the manifest this was made for; `asWorker`: it gets the attempt's agent, and is told what
  /// there is to do. Cost: O(the task's text).
  package func request(
    for key: AttemptKey, in state: RunState, asWorker: Bool = true
  ) -> LaunchRequest? {
    let manifest = state.manifest
    guard let index = manifest.plan.index(of: key.task) else { return nil }
    let task = manifest.plan.tasks[index]
    let files = files(of: key)
    let prompt = Prompt.isNeeded(by: task) ? Prompt.text(for: task) : ""
    var environment = shared
    environment.reserveCapacity(shared.count + 7)
    environment.append(Variable("LANES_TASK_ID", key.task.text))
    environment.append(Variable("LANES_TASK_TITLE", task.title))
    environment.append(Variable("LANES_LEVEL", String(max(0, manifest.plan.graph.level[index]))))
    environment.append(Variable("LANES_ATTEMPT", String(key.attempt)))
    if !prompt.isEmpty { environment.append(Variable("LANES_PROMPT_FILE", files.prompt)) }
    if key.attempt > 1 {
      let earlier = AttemptKey(key.task, key.attempt - 1)
      environment.append(Variable("LANES_FEEDBACK_FILE", self.files(of: earlier).log))
    }
    let request = LaunchRequest(
      key: key, command: task.command ?? manifest.options.command ?? "",
      directory: manifest.directory, environment: environment,
      prompt: prompt, files: files)
    let equipped = asWorker ? equipped(request, index, state) : request
    guard let git = state.git, let options = manifest.options.git else {
      return equipped.working(in: manifest.directory)
    }
    return equipped.inWorktree(of: git.works[index], options, manifest.plan)
  }
}
