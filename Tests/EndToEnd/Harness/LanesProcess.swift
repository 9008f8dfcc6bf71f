import Core
import Glibc
import Testing

/// The binary at work: what it prints is read as it comes, and waited for.
///
/// It lives on a thread of its own, so that a test that waits keeps no other from going on.
actor LanesProcess {
  nonisolated let pid: pid_t
  nonisolated let sandbox: Sandbox
  private nonisolated let reactor: Reactor
  nonisolated var unownedExecutor: UnownedSerialExecutor { reactor.asUnownedSerialExecutor() }

  private let clock = WallClock()
  private let words: [String]
  /// Standard output, standard error, and a pipe that is closed when the process ends.
  private var ends: [Int32]
  private var output: [UInt8] = []
  private var errors: [UInt8] = []
  private var parsed = 0
  private var events: [Event] = []
  private var result: Result?
  private var waiters: [Waiter] = []
  private var lifetime: Duration = .zero
  private let startedAt: Instant

  /// How the process ended and what it printed.
  struct Result: Sendable {
    /// The exit status, or minus the number of the signal.
    var status: Int32
    var output: String
    var errors: String
    var events: [Event]
    var time: Duration

    var lines: [String] { output.split(separator: "\n").map(String.init) }

    /// The events' kinds, with their tasks.
    var story: [String] { events.map(\.words) }
  }

  private struct Waiter {
    var condition: @Sendable (isolated LanesProcess) -> Bool
    var deadline: Instant
    var continuation: CheckedContinuation<Bool, Never>
  }

  init(words: [String], variables: [String], sandbox: Sandbox) throws {
    self.words = words
    self.sandbox = sandbox
    reactor = try Reactor(name: "lanes-e2e")
    startedAt = clock.now()
    let child = try ChildProcess(words: words, variables: variables, folder: sandbox.home)
    (pid, ends) = (child.pid, [child.output, child.errors, child.life])
  }

  deinit {
    for end in ends where end >= 0 { close(end) }
    if result == nil {
      kill(pid, SIGKILL)
      waitpid(pid, nil, 0)
    }
    reactor.stop()
  }

  /// To be called once, before anything else.
  nonisolated func begin() async throws {
    try reactor.start { [weak self] tokens in
      self?.assumeIsolated { $0.ready(tokens) }
    }
    try await watch()
  }

  private func watch() throws {
    for (token, end) in ends.enumerated() { try reactor.watch(end, token: UInt64(token)) }
  }

  // MARK: Waiting

  /// The event of a kind, about a task where that is given, as soon as it is printed.
  @discardableResult
  func event(
    _ kind: String, task: String? = nil, attempt: Int? = nil, within limit: Duration = .seconds(30)
  ) async throws -> Event {
    let matches: @Sendable (Event) -> Bool = {
      $0.kind == kind && (task == nil || $0.task == task)
        && (attempt == nil || $0.attempt == attempt)
    }
    try await wait("event \(kind) \(task ?? "")", within: limit) {
      $0.events.contains(where: matches)
    }
    return try #require(events.first(where: matches))
  }

  /// Waits until the standard output has a text.
  func prints(_ text: String) async throws {
    try await wait(text) { String(decoding: $0.output, as: UTF8.self).contains(text) }
  }

  /// Waits until the standard error has a text.
  func notes(_ text: String) async throws {
    try await wait(text) { String(decoding: $0.errors, as: UTF8.self).contains(text) }
  }

  /// Waits for the end of the process.
  @discardableResult
  func end(within limit: Duration = .seconds(30)) async throws -> Result {
    try await wait("the end", within: limit) { $0.result != nil }
    return try #require(result)
  }

  private func wait(
    _ what: String, within limit: Duration = .seconds(30),
    until condition: @escaping @Sendable (isolated LanesProcess) -> Bool
  ) async throws {
    if condition(self) { return }
    let deadline = clock.now() + limit
    let isMet = await withCheckedContinuation {
      waiters.append(Waiter(condition: condition, deadline: deadline, continuation: $0))
      reactor.setDeadline(waiters.map(\.deadline).min())
    }
    if !isMet, !condition(self) {
      throw MissingError(
        what: what, words: words, output: String(decoding: output.suffix(4000), as: UTF8.self),
        errors: String(decoding: errors.suffix(2000), as: UTF8.self))
    }
  }

  struct MissingError: Error, CustomStringConvertible {
    var what: String
    var words: [String]
    var output: String
    var errors: String

    var description: String {
      "\(words.joined(separator: " ")): no \(what)\n\(output)\n\(errors)"
    }
  }

  // MARK: Acting

  nonisolated func signal(_ number: Int32) { kill(pid, number) }

  /// What stands behind a run's process: the one that keeps the ends of tasks, and the one that does the work.
  nonisolated var keeperAndRunner: (keeper: Int32, runner: Int32)? {
    guard let keeper = ProcessTable.children(of: pid, thread: pid)?.first,
      let runner = ProcessTable.children(of: keeper, thread: keeper)?.first
    else { return nil }
    return (keeper, runner)
  }

  /// Goes away as a reader of standard output and error.
  func stopReading() {
    for index in 0..<2 { closeEnd(index) }
  }

  // MARK: Reading

  private func ready(_ tokens: [UInt64]) {
    for token in tokens { read(Int(token)) }
    parseEvents()
    if result == nil, ends.allSatisfy({ $0 < 0 }) { result = ended() }
    let now = clock.now()
    var open: [Waiter] = []
    for waiter in waiters {
      // Nothing more comes when the process has ended.
      if waiter.condition(self) || result != nil || waiter.deadline <= now {
        waiter.continuation.resume(returning: waiter.deadline > now && result == nil)
      } else {
        open.append(waiter)
      }
    }
    waiters = open
    reactor.setDeadline(waiters.map(\.deadline).min())
  }

  private func read(_ index: Int) {
    guard ends[index] >= 0 else { return }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = Glibc.read(ends[index], &buffer, buffer.count)
    if count < 0, errno == EAGAIN || errno == EINTR { return }
    guard count > 0 else {
      if index == 2 { lifetime = clock.now() - startedAt }
      return closeEnd(index)
    }
    if index == 0 { output += buffer[..<count] } else { errors += buffer[..<count] }
  }

  private func closeEnd(_ index: Int) {
    guard ends[index] >= 0 else { return }
    reactor.unwatch(ends[index])
    close(ends[index])
    ends[index] = -1
  }

  private func parseEvents() {
    while let end = output[parsed...].firstIndex(of: UInt8(ascii: "\n")) {
      if let event = Event(line: output[parsed..<end]) { events.append(event) }
      parsed = end + 1
    }
  }

  private func ended() -> Result {
    var status: Int32 = 0
    waitpid(pid, &status, 0)
    let signal = status & 0x7F
    return Result(
      status: signal == 0 ? status >> 8 & 0xFF : -signal,
      output: String(decoding: output, as: UTF8.self),
      errors: String(decoding: errors, as: UTF8.self), events: events, time: lifetime)
  }
}

/// One line of `--output json`.
struct Event: Sendable {
  let fields: JSONNode

  init?(line: some Collection<UInt8>) {
    guard line.first == UInt8(ascii: "{"),
      let document = try? JSONDocument(parsing: Array(line), name: "event"),
      document.root["kind"] != nil
    else { return nil }
    fields = document.root
  }

  var kind: String { self["kind"] }
  var task: String { self["task"] }
  var attempt: Int? { fields["attempt"]?.integer }
  var pid: Int32 { Int32(fields["pid"]?.integer ?? 0) }

  /// A field that is text; empty when there is none.
  subscript(_ name: String) -> String { fields[name]?.string ?? "" }

  /// The kind and what it is about, in short.
  var words: String {
    let level = kind.hasPrefix("level") ? fields["level"]?.integer.map(String.init) : nil
    let subject = task.isEmpty ? level ?? "" : task
    let result = kind.hasSuffix("finished") ? self["result"] : ""
    return [kind, subject, result].filter { !$0.isEmpty }.joined(separator: " ")
  }
}
