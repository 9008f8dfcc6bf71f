import Core
import Glibc
import Testing

@Suite(.serialized, .timeLimit(.minutes(1)))
struct LaunchTests {
  @Test(
    "a command ends with the status its shell would have, and leaves it in its file",
    arguments: [
      ("true", 0), ("false", 1), ("exit 3", 3), ("", 0), ("nosuchcommand-x", 127),
      ("/etc/passwd", 126),
      ("true\nfalse", 1), ("false\ntrue # comment", 0), ("( exit 9 )", 9), ("if (", 2),
      ("echo 'open", 2), ("set -e; false; true", 1), ("cat <<E\nhello\nE", 0),
      ("cat <<E\nhello", 0),
      ("sh -c 'kill -9 $$'", 137), ("exec sh -c 'exit 5'", 5), ("exec >/dev/null; exit 6", 6),
      ("trap 'exit 7' EXIT; false", 7), ("trap - EXIT; exit 8", 8),
      ("eval 'exec sh -c \"exit 4\"'", 4),
      ("echo() { false; }; IFS=0123456789; exit 123", 123), ("set -C; exit 5", 5),
      ("f() { return 6; }; f", 6), ("set -- a b; exit $#", 2), ("exit $#", 0),
      ("test -z \"$lanes_exit\" || env | grep lanes_exit && exit 1; exit 0", 0),
    ])
  func statuses(command: String, code: Int32) async throws {
    try await LaunchBench.with { bench in
      let request = bench.request(command)
      let status = try await bench.run(request)
      #expect(status == .exited(code))
      #expect(bench.text(request.files.exit) == "\n1.1.log \(code);\n")
    }
  }
}
