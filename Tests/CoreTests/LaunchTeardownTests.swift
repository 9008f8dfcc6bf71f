import Core
import Glibc
import Testing

extension LaunchTests {
  @Suite struct Ending {}
}

extension LaunchTests.Ending {
  @Test(
    "a signal ends a task and everything in it",
    arguments: [
      ("sh -c 'echo; exec sleep 100'", TaskSignal.terminate, Core.ExitStatus.signaled(SIGTERM)),
      ("sh -c 'echo; exec sleep 100' | cat", .kill, .signaled(SIGKILL)),
      ("sh -c 'echo; exec sleep 100'; true", .interrupt, .exited(130)),
      ("echo; while :; do sleep 0.01; done", .terminate, .exited(143)),
      (
        "sh -c 'trap \"sleep 0.05; exit 0\" TERM; echo; while :; do sleep 0.01; done'; true",
        .terminate, .exited(143)
      ),
      ("trap 'exit 5' TERM; echo; while :; do sleep 0.01; done", .terminate, .exited(5)),
      ("echo; exec sh -c 'echo; sleep 100'", .terminate, .signaled(SIGTERM)),
    ])
  func signals(command: String, signal: TaskSignal, status: Core.ExitStatus) async throws {
    try await LaunchBench.with { bench in
      let request = bench.request(command)
      _ = await bench.launch(request)
      await bench.written(request.files.log)
      await bench.send(signal, to: request.key)
      #expect(await bench.status(of: request.key) == status)
      await bench.cleaned()
      #expect(bench.survivors() == [])
    }
  }

  @Test("a task that ignores being told ends with the kill")
  func stubborn() async throws {
    try await LaunchBench.with { bench in
      let request = bench.request("trap '' TERM INT; echo; while :; do sleep 0.02; done")
      _ = await bench.launch(request)
      await bench.written(request.files.log)
      await bench.send(.interrupt, to: request.key)
      await bench.send(.terminate, to: request.key)
      #expect(bench.survivors() != [])
      await bench.send(.kill, to: request.key)
      #expect(await bench.status(of: request.key) == .signaled(SIGKILL))
      await bench.cleaned()
      #expect(bench.survivors() == [])
    }
  }

  @Test("a paused task stands still, goes on, and can be told to end while paused")
  func pause() async throws {
    try await LaunchBench.with { bench in
      let request = bench.request("sh -c 'echo; exec sleep 100'")
      guard case .launched(_, let process) = await bench.launch(request) else { return }
      await bench.written(request.files.log)
      await bench.send(.pause, to: request.key)
      await bench.polled()
      #expect(state(of: process.pid) == "T")
      await bench.send(.proceed, to: request.key)
      await bench.polled()
      #expect(state(of: process.pid) != "T")
      await bench.send(.pause, to: request.key)
      await bench.send(.terminate, to: request.key)
      #expect(await bench.status(of: request.key) == .signaled(SIGTERM))
      await bench.cleaned()
      #expect(bench.survivors() == [])
    }
  }

  @Test(
    "what a task leaves behind is removed",
    arguments: [
      // In the group; ignoring the request; outside the group; both; a daemon; nested deeply.
      "sleep 100 & exit 4", "(trap '' TERM; while :; do sleep 0.02; done) & exit 4",
      "setsid sleep 100 & sleep 0.05; exit 4",
      "setsid sh -c 'trap \"\" TERM; while :; do sleep 0.02; done' & sleep 0.05; exit 4",
      "(setsid sh -c 'setsid sleep 100 & sleep 100' &) ; sleep 0.05; exit 4",
      "timeout 100 sleep 100 & sleep 0.05; exit 4",
      "setsid sh -c 'kill -STOP $$; sleep 100' & sleep 0.05; exit 4",
    ])
  func leftovers(command: String) async throws {
    try await LaunchBench.with(grace: .milliseconds(100)) { bench in
      let status = try await bench.run(bench.request(command))
      #expect(status == .exited(4))
      await bench.cleaned()
      #expect(bench.survivors() == [])
      let before = zombies()
      await bench.polled()
      #expect(zombies().intersection(before) == [])
    }
  }

  @Test("what a task leaves in its group is removed even if it does not say whose it is")
  func anonymous() async throws {
    try await LaunchBench.with(grace: .milliseconds(100)) { bench in
      let request = bench.request("env -i sh -c 'trap \"\" TERM; echo; sleep 100' & sleep 0.05")
      guard case .launched(_, let process) = await bench.launch(request) else { return }
      #expect(await bench.status(of: request.key) == .exited(0))
      #expect(kill(-process.pid, 0) == 0)
      await bench.cleaned()
      #expect(kill(-process.pid, 0) == -1)
    }
  }

  @Test("a signal also reaches what left the group")
  func outside() async throws {
    try await LaunchBench.with(grace: .seconds(50)) { bench in
      let request = bench.request("timeout 100 sh -c 'echo; sleep 100'; exit 3")
      _ = await bench.launch(request)
      await bench.written(request.files.log)
      await bench.send(.kill, to: request.key)
      _ = await bench.end(of: request.key)
      await bench.cleaned()
      #expect(bench.survivors() == [])
    }
  }

  @Test("what another attempt runs is left alone")
  func neighbours() async throws {
    try await LaunchBench.with { bench in
      let stays = bench.request("setsid sleep 100 & sleep 100", task: "stays")
      _ = await bench.launch(stays)
      let ends = bench.request("sleep 100 & true", task: "ends")
      _ = try await bench.run(ends)
      await bench.cleaned()
      #expect(bench.survivors().count == 3)
      await bench.send(.kill, to: stays.key)
      _ = await bench.end(of: stays.key)
      await bench.cleaned()
      #expect(bench.survivors() == [])
    }
  }

  @Test("a signal to an attempt that is over does nothing")
  func over() async throws {
    try await LaunchBench.with { bench in
      let request = bench.request("true")
      _ = try await bench.run(request)
      await bench.send(.kill, to: request.key)
      await bench.send(.kill, to: AttemptKey("unknown", 1))
    }
  }

  private func state(of pid: Int32) -> String? {
    guard let file = fopen("/proc/\(pid)/stat", "r") else { return nil }
    defer { fclose(file) }
    var buffer = [CChar](repeating: 0, count: 512)
    guard fgets(&buffer, 512, file) != nil else { return nil }
    let text = String(decoding: buffer.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return text.split(separator: ")").last?.split(separator: " ").first.map(String.init)
  }

  /// The children of this process that wait to be collected.
  private func zombies() -> Set<Int32> {
    let children = ProcessTable.all().filter { pid in
      let status = ProcessTable.status(of: pid)
      return status?.parent == getpid() && status?.isZombie == true
    }
    return Set(children)
  }
}
