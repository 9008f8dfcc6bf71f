import Core
import Glibc
import Testing

extension LaunchTests {
  @Suite struct Output {}
}

extension LaunchTests.Output {
  @Test("progress is told while a task runs, the newest statement of what is new")
  func progress() async throws {
    try await LaunchBench.with { bench in
      mkfifo("\(bench.folder)/gate", 0o600)
      let request = bench.request(
        """
        echo '[1/4] first'; echo '[2/4] second'; read line < \(bench.folder)/gate
        echo '::progress 75 third'; read line < \(bench.folder)/gate
        """)
      _ = await bench.launch(request)
      await bench.stated(Progress(fraction: 0.5, label: "second"), by: request.key)
      let gate = open("\(bench.folder)/gate", O_RDWR | O_CLOEXEC)
      write(gate, "\n", 1)
      await bench.stated(Progress(fraction: 0.75, label: "third"), by: request.key)
      write(gate, "\n", 1)
      #expect(await bench.status(of: request.key) == .exited(0))
      close(gate)
      let progress = await bench.progress
      #expect(progress.map(\.fraction) == [0.5, 0.75])
    }
  }

  @Test("a line that is written in two parts is understood when it is whole")
  func parts() async throws {
    try await LaunchBench.with { bench in
      mkfifo("\(bench.folder)/gate", 0o600)
      let request = bench.request(
        """
        printf 'first\\n::progress 4'; read line < \(bench.folder)/gate
        printf '0 whole\\n'; read line < \(bench.folder)/gate
        """)
      _ = await bench.launch(request)
      await bench.grew(request.key)
      let gate = open("\(bench.folder)/gate", O_RDWR | O_CLOEXEC)
      write(gate, "\n", 1)
      await bench.stated(Progress(fraction: 0.4, label: "whole"), by: request.key)
      write(gate, "\n", 1)
      _ = await bench.end(of: request.key)
      close(gate)
      #expect(await bench.progress.map(\.fraction) == [0.4])
    }
  }

  @Test(
    "64 megabytes, binary output and closed output do no harm",
    arguments: [
      ("head -c 67108864 /dev/zero; echo; echo '[3/4] end'; sleep 0.4", 67_108_864 + 11),
      ("head -c 3000000 /dev/urandom", 3_000_000), ("printf '\\033]0;x\\007\\377\\0\\n'", 9),
      ("exec >&- 2>&-; sleep 0.3; exit 0", 0),
    ])
  func large(command: String, size: Int64) async throws {
    try await LaunchBench.with { bench in
      let request = bench.request(command)
      let status = try await bench.run(request)
      #expect(status == .exited(0))
      var information = stat()
      #expect(stat(request.files.log, &information) == 0)
      #expect(information.st_size == size)
    }
  }

  @Test("an adopted task's progress is told as well, from what it wrote before")
  func adopted() async throws {
    try await LaunchBench.with { bench in
      let request = bench.request("echo '[1/4] first'; exec sleep 100")
      guard case .launched(_, let process) = await bench.launch(request) else { return }
      await bench.written(request.files.log)
      try await bench.replaceLauncher()
      _ = await bench.adopt(request, process: process)
      await bench.stated(Progress(fraction: 0.25, label: "first"), by: request.key)
      await bench.send(.kill, to: request.key)
      _ = await bench.end(of: request.key)
    }
  }
}
