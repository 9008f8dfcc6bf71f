import Core
import Glibc
import Testing

/// A launcher on a reactor of its own, in a folder of its own, for tests with real processes.
///
/// It asks the launcher every 20 milliseconds, as the executor does.
actor LaunchBench {
  nonisolated let reactor: Reactor
  nonisolated let folder: String
  nonisolated let runID: String
  private let clock = WallClock()
  private let grace: Duration
  private var launcher: LocalLauncher
  private(set) var reports: [LaunchReport] = []
  private var polls = 0
  private typealias Condition = @Sendable (isolated LaunchBench) -> Bool
  private var waiters: [(condition: Condition, continuation: CheckedContinuation<Void, Never>)] = []
  /// What `reader(of:)` opened.
  private var gate: Int32 = -1

  init(
    runID: String = "test-\(UInt32.random(in: 0 ... .max))", grace: Duration = .milliseconds(300)
  )
    throws
  {
    reactor = try Reactor(name: "launch-test")
    self.runID = runID
    self.grace = grace
    var template = Array("/tmp/lanes-launch-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw PlatformError("mkdtemp") }
    folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    launcher = try Self.launcher(reactor, clock, grace, runID)
  }

  nonisolated var unownedExecutor: UnownedSerialExecutor { reactor.asUnownedSerialExecutor() }

  private static func launcher(
    _ reactor: Reactor, _ clock: WallClock, _ grace: Duration, _ runID: String
  ) throws -> LocalLauncher {
    try LocalLauncher(
      runID: runID,
      environment: EnvironmentBlock.inherited().removing { $0.hasPrefix("LANES_") },
      reactor: reactor, clock: clock, grace: grace)
  }

  nonisolated func start() throws {
    try reactor.start { [weak self] tokens in
      self?.assumeIsolated { $0.ready(tokens) }
    }
    reactor.setDeadline(WallClock().now())
  }

  /// Runs `body` and leaves nothing behind, neither thread nor folder.
  static func with<Result: Sendable>(
    grace: Duration = .milliseconds(300), _ body: (LaunchBench) async throws -> Result
  ) async throws -> Result {
    let bench = try LaunchBench(grace: grace)
    try bench.start()
    defer {
      bench.reactor.stop()
      removeTree(bench.folder)
    }
    return try await body(bench)
  }

  private func ready(_ tokens: [UInt64]) {
    if tokens.isEmpty {
      reports += launcher.poll()
      polls += 1
      reactor.setDeadline(clock.now() + .milliseconds(20))
    } else {
      reports += launcher.collect(tokens)
    }
    let due = waiters.filter { $0.condition(self) }
    waiters.removeAll { $0.condition(self) }
    for waiter in due { waiter.continuation.resume() }
  }

  private func wait(until condition: @escaping Condition) async {
    if condition(self) { return }
    await withCheckedContinuation { waiters.append((condition, $0)) }
  }

  nonisolated func request(
    _ command: String, task: TaskID = "1", attempt: Int = 1, prompt: String = "",
    directory: String? = nil, environment: [String: String] = [:]
  ) -> LaunchRequest {
    LaunchRequest(
      key: AttemptKey(task, attempt), command: command, directory: directory ?? folder,
      environment: environment.map { Variable($0.key, $0.value) }, prompt: prompt,
      files: .of(runFolder: folder, task: task, attempt: attempt))
  }

  func launch(_ request: LaunchRequest) -> LaunchReport {
    launcher.launch(request)
  }

  /// The answer, or the one that follows it: other tests' processes may be in the way of knowing an end.
  func adopt(_ request: LaunchRequest, process: ProcessIdentity?) async -> LaunchReport {
    let earlier = reports.count
    let report = beginAdopting(request, process: process)
    guard report == .underway(request.key) else { return report }
    await wait { $0.reports[earlier...].contains { $0.isEnd(of: request.key) } }
    return reports[earlier...].first { $0.isEnd(of: request.key) } ?? report
  }

  func beginAdopting(
    _ request: LaunchRequest, process: ProcessIdentity? = nil
  ) -> LaunchReport {
    launcher.adopt(request, process: process)
  }

  func send(_ signal: TaskSignal, to key: AttemptKey) {
    launcher.send(signal, to: key)
  }

  /// Forgets all processes and begins as a runner that is started later.
  func replaceLauncher() throws {
    launcher = try Self.launcher(reactor, clock, grace, runID)
  }

  func end(of key: AttemptKey) async -> LaunchReport? {
    await wait { $0.reports.contains { $0.isEnd(of: key) } }
    return reports.first { $0.isEnd(of: key) }
  }

  /// What kept an attempt from running, told at once or by its process.
  func failure(of request: LaunchRequest) async -> LaunchReport? {
    let report = launch(request)
    guard case .launched = report else { return report }
    return await end(of: request.key)
  }

  /// How an attempt ended, once it did.
  func status(of key: AttemptKey) async -> Core.ExitStatus? {
    guard case .ended(_, let status, _)? = await end(of: key) else { return nil }
    return status
  }

  /// Waits until the launcher was asked twice more.
  func polled() async {
    let wanted = polls + 2
    await wait { $0.polls >= wanted }
  }

  func cleaned() async {
    await wait { !$0.launcher.isCleaning }
  }

  /// Waits until a task stated this progress.
  func stated(_ progress: Progress, by key: AttemptKey) async {
    await wait { $0.reports.contains(.output(key, progress: progress)) }
  }

  /// Waits until a task's output grew.
  func grew(_ key: AttemptKey) async {
    await wait { $0.reports.contains(.output(key, progress: nil)) }
  }

  /// All progress that was stated.
  var progress: [Progress] {
    reports.compactMap { report in
      if case .output(_, let progress?) = report { progress } else { nil }
    }
  }

  /// The processes of this bench that are there, zombies aside.
  nonisolated func survivors() -> [Int32] {
    ProcessTable.all().filter { pid in
      guard let status = ProcessTable.status(of: pid), !status.isZombie else { return false }
      let variables = ProcessTable.environment(of: pid) ?? []
      return variables.split(separator: 0).contains {
        $0.elementsEqual("LANES_RUN_ID=\(runID)".utf8)
      }
    }
  }

  /// Waits until `path` has a line feed in it.
  func written(_ path: String) async {
    await wait { $0.text(path)?.contains("\n") ?? false }
  }

  /// Waits until somebody reads from a named pipe, and opens its other end.
  func reader(of path: String) async -> Int32 {
    await wait { $0.openReader(of: path) }
    return gate
  }

  private func openReader(of path: String) -> Bool {
    if gate < 0 { gate = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC) }
    return gate >= 0
  }

  /// Starts a command and waits for its end.
  func run(_ request: LaunchRequest) async throws -> Core.ExitStatus? {
    let report = launch(request)
    guard case .launched = report else {
      Issue.record("not launched: \(report)")
      return nil
    }
    return await status(of: request.key)
  }

  nonisolated func write(_ text: String, to path: String) {
    guard let file = fopen(path, "w") else { return }
    fwrite(text, 1, text.utf8.count, file)
    fclose(file)
  }

  nonisolated func text(_ path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    while case let byte = getc(file), byte != EOF { bytes.append(UInt8(byte)) }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension LaunchReport {
  func isEnd(of key: AttemptKey) -> Bool {
    switch self {
    case .ended(key, _, _), .failed(key, _, _): true
    case .ended, .failed, .launched, .adopted, .underway, .output, .agent, .notice: false
    }
  }
}

/// Removes a folder with the files and folders in it.
func removeTree(_ path: String) {
  guard let directory = opendir(path) else { return }
  while let entry = readdir(directory) {
    let name = withUnsafeBytes(of: entry.pointee.d_name) {
      String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
    if name == "." || name == ".." { continue }
    if unlink("\(path)/\(name)") != 0 { removeTree("\(path)/\(name)") }
  }
  closedir(directory)
  rmdir(path)
}
