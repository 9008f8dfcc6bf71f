import Core
import Glibc
import Testing

extension LaunchTests {
  @Suite struct Adoption {}
}

/// A later launcher of the same run stands for a runner that was started after the first one died.
extension LaunchTests.Adoption {
  @Test("a process that still runs is watched again", arguments: [true, false])
  func running(isKnown: Bool) async throws {
    try await LaunchBench.with { bench in
      mkfifo("\(bench.folder)/gate", 0o600)
      let request = bench.request("echo; read line < \(bench.folder)/gate; exit 6", prompt: "p")
      let launched = await bench.launch(request)
      guard case .launched(let key, let process) = launched else {
        Issue.record("\(launched)")
        return
      }
      try await bench.replaceLauncher()
      let report = await bench.adopt(request, process: isKnown ? process : nil)
      #expect(report == .adopted(key, process))
      let gate = open("\(bench.folder)/gate", O_RDWR | O_CLOEXEC)
      write(gate, "\n", 1)
      #expect(await bench.status(of: key) == .exited(6))
      close(gate)
      await bench.cleaned()
      #expect(bench.survivors() == [])
    }
  }

  @Test("the status of a process that is not this one's child is what its keeper noted")
  func stranger() async throws {
    try await LaunchBench.with { bench in
      mkfifo("\(bench.folder)/gate", 0o600)
      let strange = bench.request("", task: "strange one")
      let parent = bench.request(
        """
        LANES_TASK_ID='strange one' setsid sh -c "$SCRIPT" sh "$EXITS" "$START" & wait; exit 9
        """, task: "parent",
        environment: [
          "SCRIPT": #"read x <"$GATE"; printf '%s%s;\n' "$2" 42 >>"$1"; sleep 100 & exit 42"#,
          "GATE": "\(bench.folder)/gate", "EXITS": strange.files.exit,
          "START": "\nstrange%20one.1.log ",
        ])
      _ = await bench.launch(parent)
      // Only one that runs its program reads from the gate.
      let gate = await bench.reader(of: "\(bench.folder)/gate")
      defer { close(gate) }
      await bench.polled()
      let report = await bench.adopt(strange, process: nil)
      guard case .adopted(strange.key, _) = report else {
        Issue.record("\(report)")
        return
      }
      write(gate, "\n", 1)
      #expect(await bench.status(of: strange.key) == .exited(42))
      #expect(await bench.status(of: parent.key) == .exited(9))
      await bench.cleaned()
      #expect(bench.survivors() == [])
    }
  }

  @Test(
    "what ended while nobody watched is told by its files",
    arguments: [
      ("\n1.1.log 0;\n", true, Core.ExitStatus.exited(0) as Core.ExitStatus?),
      ("\n1.1.log 3;\n\n1.1.log 137;\n", true, .exited(137)),
      ("\n11.1.log 3;\n\n1.2.log 4;\n", true, nil), ("\n1.1.log 13", true, nil),
      ("\n1.1.log 13\n1.2.log 4;\n", true, nil), ("\n1.1.log;\n", true, nil), ("", true, nil),
      ("\n1.1.log 5;", false, .exited(5)), ("\n1.1.log 5;\n2.", false, .exited(5)),
      ("garbage \u{0}\u{1B}\n\n1.1.log 5;\nmore", true, .exited(5)),
    ])
  func ended(records: String, hasLog: Bool, status: Core.ExitStatus?) async throws {
    try await LaunchBench.with { bench in
      let request = bench.request("true")
      bench.write(records, to: request.files.exit)
      if hasLog { bench.write("", to: request.files.log) }
      let gone = ProcessIdentity(pid: getpid(), startTicks: 1)
      for process in [nil, gone] {
        let report = await bench.adopt(request, process: process)
        #expect(report == .ended(request.key, status, ResourceUsage()))
      }
    }
  }

  @Test(
    "an attempt is not given up while a keeper has a process that may be its own",
    arguments: [("true", true), ("env -i sleep 100", false)])
  func unclear(command: String, ends: Bool) async throws {
    try await LaunchBench.with { bench in
      symlink("/bin/sleep", bench.folder + "/task-keeper")
      let parent = bench.request(
        "setsid \(command) & exec ./task-keeper 100", task: "parent")
      guard case .launched(_, let process) = await bench.launch(parent) else { return }
      func isReady() -> Bool {
        guard let child = ProcessTable.children(of: process.pid, thread: process.pid)?.first,
          let status = ProcessTable.status(of: child), status.session == child
        else { return false }
        return ends ? status.isZombie : ProcessTable.environment(of: child) == []
      }
      var poller = pollfd(fd: -1, events: 0, revents: 0)
      for _ in 0..<1000 where !isReady() || ProcessTable.name(of: process.pid) != "task-keeper" {
        poll(&poller, 1, 10)
      }
      let request = bench.request("true")
      bench.write("", to: request.files.log)
      #expect(await bench.beginAdopting(request) == .underway(request.key))
      await bench.send(.kill, to: parent.key)
      #expect(await bench.end(of: request.key) == .ended(request.key, nil, ResourceUsage()))
      await bench.cleaned()
    }
  }

  @Test("an attempt that left nothing never started, and may be started again")
  func neverStarted() async throws {
    try await LaunchBench.with { bench in
      let request = bench.request("true")
      #expect(
        await bench.adopt(request, process: nil)
          == .failed(request.key, message: "never started", isTransient: true))
      let status = try await bench.run(request)
      #expect(status == .exited(0))
    }
  }

  @Test("a process with the right number but of something else is not adopted, nor hurt")
  func wrongProcess() async throws {
    try await LaunchBench.with { bench in
      let other = bench.request("sleep 100", task: "other")
      guard case .launched(_, let process) = await bench.launch(other) else { return }
      let request = bench.request("true")
      bench.write("\n1.1.log 0;\n", to: request.files.exit)
      bench.write("", to: request.files.log)
      #expect(
        await bench.adopt(request, process: process)
          == .ended(request.key, .exited(0), ResourceUsage()))
      await bench.polled()
      #expect(ProcessTable.status(of: process.pid)?.isZombie == false)
      await bench.send(.kill, to: other.key)
      _ = await bench.end(of: other.key)
    }
  }

  @Test("when only the shell is gone, the rest is removed")
  func leaderGone() async throws {
    try await LaunchBench.with(grace: .milliseconds(100)) { bench in
      let request = bench.request("sleep 100 & setsid sleep 100 & echo; exit 3")
      guard case .launched(_, let process) = await bench.launch(request) else { return }
      // The first launcher dies before it learns of the end.
      try await bench.replaceLauncher()
      var poller = pollfd(fd: -1, events: 0, revents: 0)
      for _ in 0..<200 where ProcessTable.status(of: process.pid)?.isZombie == false {
        poll(&poller, 1, 10)
      }
      // As a keeper would do.
      bench.write("\n1.1.log 3;\n", to: request.files.exit)
      waitpid(process.pid, nil, 0)
      #expect(
        await bench.adopt(request, process: process)
          == .ended(request.key, .exited(3), ResourceUsage()))
      await bench.cleaned()
      #expect(bench.survivors() == [])
    }
  }

  @Test("a task that ended itself by a signal leaves it to a later runner")
  func signaled() async throws {
    try await LaunchBench.with { bench in
      let request = bench.request("kill -9 $$")
      _ = try await bench.run(request)
      try await bench.replaceLauncher()
      let report = await bench.adopt(request, process: nil)
      #expect(report == .ended(request.key, .signaled(SIGKILL), ResourceUsage()))
    }
  }
}
