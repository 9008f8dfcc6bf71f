import Core
import Glibc
import Testing

/// Tests with real processes: one after the other, since they count what is left over.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct LaunchTests {
  @Test(
    "a command ends with the status its shell would have, and it is noted",
    arguments: [
      ("true", 0), ("false", 1), ("exit 3", 3), ("", 0), ("nosuchcommand-x", 127),
      ("/etc/passwd", 126), ("true\nfalse", 1), ("false\ntrue # comment", 0), ("( exit 9 )", 9),
      ("if (", 2), ("echo 'open", 2), ("set -e; false; true", 1),
      ("cat <<E\nhello\nE", 0), ("cat <<E\nhello", 0), ("sh -c 'kill -9 $$'; exit $?", 137),
      ("exec sh -c 'exit 5'", 5), ("exec >/dev/null; exit 6", 6), ("trap 'exit 7' EXIT; false", 7),
      ("trap - EXIT; exit 8", 8), ("eval 'exec sh -c \"exit 4\"'", 4),
      ("exec 1>&- 2>&-; exit 3", 3),
      ("printf() { false; }; IFS=0123456789; exit 123", 123),
      ("set -C; exit 5", 5), ("f() { return 6; }; f", 6), ("set -- a b; exit $#", 2),
      ("exit $#", 0), ("export -p | grep -q lanes_ && exit 1; exit 0", 0), ("cd /; exit 2", 2),
      ("sleep 0.01 & wait $!; exit 4", 4), ("alias printf=false; exit 3", 3), ("exit 3 #", 3),
      ("\n\n\nexit 3\n\n", 3), ("true;", 0), ("false &&", 2), ("test \"$(echo a)\" = a", 0),
    ])
  func statuses(command: String, code: Int32) async throws {
    try await LaunchBench.with { bench in
      let request = bench.request(command)
      let status = try await bench.run(request)
      #expect(status == .exited(code))
      #expect(bench.text(request.files.exit) == "\n1.1.log \(code);\n")
    }
  }

  @Test("the signal that ends a task is noted")
  func signaled() async throws {
    try await LaunchBench.with { bench in
      let request = bench.request("kill -9 $$")
      let status = try await bench.run(request)
      #expect(status == .signaled(SIGKILL))
      #expect(bench.text(request.files.exit) == "\n1.1.log -9;\n")
    }
  }

  @Test(
    "a plain command is executed without a shell, in the place a shell would give it",
    arguments: [
      ("printenv PWD LANES_TASK_ID", "FOLDER\n1\n", 0),
      ("./script 'a b' \"c'd\" --x=1", "a b|c'd|--x=1|\n", 0),
      ("script", "a script without a shell of its own: 0\n", 0),
      ("nosuchcommand-x y", "sh: 1: nosuchcommand-x: not found\n", 127),
      ("readlink /proc/self/exe", "/usr/bin/readlink\n", 0),
      ("./unreadable", "sh: 1: ./unreadable: Permission denied\n", 126),
    ])
  func plain(command: String, output: String, code: Int32) async throws {
    try await LaunchBench.with { bench in
      bench.write("#!/bin/sh\nprintf '%s|' \"$@\"; echo", to: bench.folder + "/script")
      bench.write("echo a script without a shell of its own: $#", to: bench.folder + "/bin")
      mkdir(bench.folder + "/programs", 0o700)
      rename(bench.folder + "/bin", bench.folder + "/programs/script")
      for name in ["script", "programs/script"] { chmod(bench.folder + "/" + name, 0o755) }
      bench.write("", to: bench.folder + "/unreadable")
      let request = bench.request(
        command, environment: ["PATH": "\(bench.folder)/programs:/usr/bin:/bin"])
      let status = try await bench.run(request)
      #expect(status == .exited(code))
      #expect(
        bench.text(request.files.log) == output.replacing("FOLDER", with: bench.folder))
      #expect(bench.text(request.files.exit) == "\n1.1.log \(code);\n")
    }
  }

  @Test("a task gets its prompt, directory, variables, a clean set of signals and no descriptors")
  func surroundings() async throws {
    try await LaunchBench.with { bench in
      let text = "Spaces, \"quotes\", 'single', $HOME `id` \\ \n\ttab, ünïcode 🎉"
      let request = bench.request(
        """
        cat; pwd; printf '%s|%s|%s|%s\\n' "$TEXT" "$LANES_TASK_ID" "$LANES_ATTEMPT" "$LANES_RUN_ID"
        ls /proc/self/fd | wc -l; cut -d' ' -f5 /proc/$$/stat
        sed -nE 's/^Sig(Blk|Ign):.*(.{7})$/\\1 \\2/p' /proc/self/status
        echo error >&2
        """,
        task: TaskID(text), prompt: "The prompt\n",
        environment: ["TEXT": text, "NO=NAME": "x", "": "y", "LANES_ATTEMPT": "77"])
      let launched = await bench.launch(request)
      guard case .launched(_, let process) = launched else {
        Issue.record("\(launched)")
        return
      }
      _ = await bench.end(of: request.key)
      let expected = """
        The prompt
        \(bench.folder)
        \(text)|\(text)|1|\(bench.runID)
        4
        \(process.pid)
        Blk 0000000
        Ign 0000000
        error

        """
      #expect(bench.text(request.files.log) == expected)
    }
  }

  @Test("prompt, log and statuses are readable by their owner alone; no prompt is no file")
  func permissions() async throws {
    try await LaunchBench.with { bench in
      let first = bench.request("cat", task: "1", prompt: "words")
      let second = bench.request("cat", task: "2")
      _ = try await bench.run(first)
      _ = try await bench.run(second)
      var modes: [mode_t] = []
      for path in [first.files.prompt, first.files.log, first.files.exit] {
        var information = stat()
        #expect(stat(path, &information) == 0)
        modes.append(information.st_mode & 0o7777)
      }
      #expect(modes == [0o600, 0o600, 0o600])
      #expect(bench.text(first.files.log) == "words")
      #expect(bench.text(second.files.log) == "")
      #expect(access(second.files.prompt, F_OK) != 0)
    }
  }

  @Test("what cannot be started says why")
  func failures() async throws {
    try await LaunchBench.with { bench in
      let vanished = bench.request("true", directory: "/nonexistent/worktree")
      #expect(
        await bench.failure(of: vanished)
          == .failed(
            vanished.key,
            message:
              "cannot start: working directory /nonexistent/worktree: "
              + "No such file or directory; make it again or name another one",
            isTransient: false))
      var unwritable = bench.request("true", task: "2")
      unwritable.files.log = "/nonexistent/log"
      #expect(
        await bench.failure(of: unwritable)
          == .failed(
            unwritable.key,
            message: "cannot start: output file /nonexistent/log: No such file or directory",
            isTransient: false))
      let cut = bench.request("rm -rf /tmp/x\0y", task: "3")
      #expect(
        await bench.failure(of: cut)
          == .failed(
            cut.key, message: "the command holds a NUL character; remove it", isTransient: false))
      let long = bench.request(String(repeating: ":;", count: 100_000), task: "4")
      #expect(
        await bench.failure(of: long)
          == .failed(
            long.key,
            message: "cannot start: program /bin/sh: Argument list too long; "
              + "the command with its variables is too long: put it into a script",
            isTransient: false))
      #expect(bench.survivors() == [])
    }
  }

  @Test("what a process used is told")
  func usage() async throws {
    try await LaunchBench.with { bench in
      let request = bench.request("i=0; while [ $i -lt 30000 ]; do i=$((i+1)); done")
      _ = await bench.launch(request)
      guard case .ended(_, .exited(0), let usage)? = await bench.end(of: request.key) else {
        Issue.record("no end")
        return
      }
      #expect(usage.cpu > .milliseconds(1) && usage.cpu < .seconds(30))
      #expect(usage.maxResident > 500_000)
    }
  }

  @Test("the start ticks are those of /proc, without reading it")
  func startTicks() async throws {
    try await LaunchBench.with { bench in
      for attempt in 1...200 {
        let request = bench.request("sleep 5", attempt: attempt)
        let report = await bench.launch(request)
        guard case .launched(_, let process) = report else {
          Issue.record("\(report)")
          return
        }
        #expect(ProcessTable.status(of: process.pid)?.startTicks == process.startTicks)
        await bench.send(.kill, to: request.key)
        _ = await bench.end(of: request.key)
      }
    }
  }

  @Test("five hundred attempts leave neither descriptors nor processes")
  func descriptors() async throws {
    try await LaunchBench.with { bench in
      // The first attempt opens the file of exit statuses, which all of them share.
      _ = try await bench.run(bench.request("true", task: "0", prompt: "x"))
      let before = descriptors(of: bench)
      for number in 1...500 {
        let request = bench.request("true", task: TaskID("\(number)"), prompt: "x")
        _ = try await bench.run(request)
      }
      for _ in 1...100 {
        _ = await bench.failure(of: bench.request("true", directory: "/nonexistent"))
      }
      await bench.cleaned()
      let after = descriptors(of: bench)
      #expect(after.files == before.files)
      // Tests beside this one hold some for a moment; a leak would be one for each attempt.
      #expect(after.processes < before.processes + 50)
      #expect(bench.survivors() == [])
    }
  }

  @Test("three hundred attempts run at once and are all told to end")
  func wide() async throws {
    try await LaunchBench.with { bench in
      let requests = (1...300).map { bench.request("sleep 100", task: TaskID("\($0)")) }
      for request in requests { _ = await bench.launch(request) }
      #expect(bench.survivors().count >= 300)
      for request in requests { await bench.send(.terminate, to: request.key) }
      for request in requests {
        #expect(await bench.status(of: request.key) == .signaled(SIGTERM))
      }
      await bench.cleaned()
      #expect(bench.survivors() == [])
    }
  }

  /// How many process descriptors are open, and which files of a bench.
  private func descriptors(of bench: LaunchBench) -> (processes: Int, files: [String]) {
    var processes = 0
    var files: [String] = []
    for number in 0..<1024 {
      var buffer = [UInt8](repeating: 0, count: 4096)
      let count = readlink("/proc/self/fd/\(number)", &buffer, buffer.count)
      guard count > 0 else { continue }
      let name = String(decoding: buffer.prefix(count), as: UTF8.self)
      if name.contains("pidfd") { processes += 1 }
      if name.hasPrefix(bench.folder) { files.append(name) }
    }
    return (processes, files)
  }
}
