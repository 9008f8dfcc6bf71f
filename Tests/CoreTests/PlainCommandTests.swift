import Core
import Testing

@Suite("Commands without a shell") struct PlainCommandTests {
  @Test(
    "words of plain characters, quoted or not, need no shell",
    arguments: [
      ("true", ["true"]), ("  sleep   1 ", ["sleep", "1"]),
      (
        "claude -p --permission-mode acceptEdits",
        ["claude", "-p", "--permission-mode", "acceptEdits"]
      ),
      ("./run.sh a/b:c,d@e%f+g=h", ["./run.sh", "a/b:c,d@e%f+g=h"]),
      (
        "say 'it; is $not' \"a 'live' one\" x'y'\"z\" ''",
        ["say", "it; is $not", "a 'live' one", "xyz", ""]
      ),
      ("make -j 4 CC=gcc", ["make", "-j", "4", "CC=gcc"]),
    ])
  func plain(command: String, words: [String]) {
    #expect(PlainCommand(command)?.words == words)
  }

  @Test(
    "everything that a shell might read otherwise goes to the shell",
    arguments: [
      "", " ", "A=b true", "true; false", "true && false", "a | b", "a > b", "a < b", "a &", "(a)",
      "{ a; }",
      "echo $X", "echo", "say \"$X\"", "say \"`id`\"", "say \"a\\b\"", "say a\\b", "ls *.c",
      "ls a?", "ls [ab]",
      "ls ~", "# nothing", "say a#b", "! true", "true\nfalse", "true\tx", "'true' x", "cd /tmp",
      "exec true", ". x", ": x",
      "[ a ]", "if", "time true", "say 'open", "say \"open", "a^b", "say \u{0}", "say '\u{0}'",
      "é", "say é",
    ])
  func notPlain(command: String) {
    #expect(PlainCommand(command) == nil)
  }
}
