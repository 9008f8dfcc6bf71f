import Core
import Glibc
import Testing

@Suite(.timeLimit(.minutes(5)))
struct SpawnTests {
  @Test("variables that are set replace inherited ones; bytes that are no text are passed on")
  func variables() async throws {
    let inherited = EnvironmentBlock(entries: [
      Array("PATH=/usr/bin:/bin".utf8), Array("KEPT=old".utf8), Array("CHANGED=old".utf8),
      Array("RAW=".utf8) + [0xFF, 0x01], Array("LANES_X=outer".utf8),
    ])
    let kept = inherited.removing { $0.hasPrefix("LANES_") }
    #expect(kept.entries.count == 4)
    let output = try spawn(
      ["sh", "-c", "env -u PWD -u OLDPWD -u SHLVL -u _ | sort"], environment: kept,
      additional: ["CHANGED": "new", "NUL": "a\0b", "EMPTY": "", "A=B": "x", "": "y"])
    let expected =
      Array("CHANGED=new\nEMPTY=\nKEPT=old\nNUL=ab\nPATH=/usr/bin:/bin\nRAW=".utf8)
      + [0xFF, 0x01, 0x0A]
    #expect(output == expected)
  }

  @Test("a program that is started has no open descriptors but the standard ones")
  func descriptors() throws {
    let leaked = open("/dev/null", O_RDONLY)
    defer { close(leaked) }
    let output = try spawn(["sh", "-c", "echo /proc/$$/fd/*"], environment: .inherited())
    let names = String(decoding: output, as: UTF8.self).split(separator: " ").compactMap {
      $0.split(separator: "/").last.map { $0.filter(\.isNumber) }
    }
    // Expanding the pattern takes one.
    #expect(names.prefix(3) == ["0", "1", "2"] && names.count <= 4)
  }

  @Test("a program that is not there is an error with its name")
  func missing() throws {
    let error = #expect(throws: PlatformError.self) {
      try spawn(["x"], program: "/nonexistent/program", environment: .inherited())
    }
    #expect(error?.description == "program /nonexistent/program: No such file or directory")
    #expect(error?.isTransient == false)
  }

  @Test("a shortage is told with its remedy and may pass")
  func shortage() {
    let error = PlatformError("new process", code: EAGAIN)
    #expect(
      error.description
        == "new process: Resource temporarily unavailable; no more processes are allowed: "
        + "run fewer tasks at once or raise `ulimit -u`")
    #expect(error.isTransient)
    #expect(!PlatformError("x", code: ENOENT).isTransient)
  }

  @Test("a process is described by /proc, whatever its name")
  func status() throws {
    let own = try #require(ProcessTable.status(of: getpid()))
    #expect(own.parent == getppid() && own.group == getpgrp() && own.session == getsid(0))
    #expect(!own.isZombie && own.startTicks > 0)
    #expect(ProcessTable.status(of: 0) == nil)
    #expect(ProcessTable.all().contains(getpid()))
    let output = try spawn(
      ["sh", "-c", "cp /bin/cat './) Z 1 (('; exec './) Z 1 ((' /proc/self/stat"],
      environment: .inherited())
    #expect(String(decoding: output, as: UTF8.self).contains(" () Z 1 (() R "))
  }

  @Test("a signal becomes something to read")
  func signalSource() throws {
    let source = try SignalSource([SIGUSR1, SIGUSR2])
    #expect(source.read() == [])
    pthread_kill(pthread_self(), SIGUSR2)
    #expect(isReadable(source.descriptor))
    #expect(source.read() == [SIGUSR2])
    #expect(!isReadable(source.descriptor))
  }

  @Test("a touched pipe is noticed, whatever was in its place; without a watcher nothing happens")
  func fileWatch() throws {
    try inFolder { folder in
      let path = "\(folder)/bell"
      #expect(!FileWatch.touch(path))
      close(open(path, O_WRONLY | O_CREAT, 0o600))
      #expect(!FileWatch.touch(path))
      let watch = try FileWatch(path: path)
      #expect(!watch.read())
      #expect(FileWatch.touch(path))
      #expect(isReadable(watch.descriptor))
      #expect(watch.read())
      #expect(!watch.read())
    }
    #expect(throws: PlatformError.self) { try FileWatch(path: "/nonexistent/bell") }
  }

  private func isReadable(_ descriptor: Int32) -> Bool {
    var poller = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&poller, 1, 0) == 1
  }

  private func inFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    var template = Array("/tmp/lanes-spawn-XXXXXX".utf8CString)
    try #require(mkdtemp(&template) != nil)
    let folder = String(
      decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { removeTree(folder) }
    return try body(folder)
  }

  /// Runs a program in a new folder; its output.
  @discardableResult
  private func spawn(
    _ arguments: [String], program: String = "/bin/sh", environment: EnvironmentBlock,
    additional: [String: String] = [:]
  ) throws -> [UInt8] {
    try inFolder { folder in
      let spawner = try Spawner(environment: environment, openFiles: nil)
      let spawned = try spawner.spawn(
        .init(
          program: program, arguments: arguments,
          environment: additional.map { Variable($0.key, $0.value) }, directory: folder, input: nil,
          output: "\(folder)/output"))
      waitpid(spawned.process.pid, nil, 0)
      close(spawned.descriptor)
      if let failure = spawner.failure(of: spawned.process.pid) { throw failure }
      let file = open("\(folder)/output", O_RDONLY | O_CLOEXEC)
      defer { close(file) }
      return [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
        count = max(0, read(file, buffer.baseAddress, buffer.count))
      }
    }
  }
}
