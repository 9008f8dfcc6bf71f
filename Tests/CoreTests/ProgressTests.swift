import Core
import Testing

@Suite struct ProgressTests {
  @Test(
    "what a task states about its progress is understood",
    arguments: [
      ("::progress 40 building the cart\n", Progress(fraction: 0.4, label: "building the cart")),
      ("::progress 40\n", Progress(fraction: 0.4)),
      ("::progress 12.5% of tests\r\n", Progress(fraction: 0.125, label: "of tests")),
      ("::progress 250 too much\n", Progress(fraction: 1, label: "too much")),
      (
        "[12/40] Compiling Reactor.swift\n",
        Progress(fraction: 0.3, label: "Compiling Reactor.swift")
      ),
      ("Step [ 1 / 4 ]\n", Progress(fraction: 0.25)),
      ("[x] [3/4] two brackets\n", Progress(fraction: 0.75, label: "two brackets")),
      ("Downloading 40%\n", Progress(fraction: 0.4)),
      ("[####    ] 40.5 % \n", Progress(fraction: 0.405)),
      ("\r 10%\r 20%", Progress(fraction: 0.2)),
      ("\u{1B}]9;4;1;40\u{07}", Progress(fraction: 0.4)),
      ("text \u{1B}]9;4;1;40\u{1B}\\ more", Progress(fraction: 0.4)),
      ("\u{1B}]9;4;2;7\u{07}", Progress(fraction: 0.07)),
      (
        "\u{1B}[32m[2/4]\u{1B}[0m \u{1B}]0;title\u{07}linking\u{1B}[K\n",
        Progress(fraction: 0.5, label: "linking")
      ),
      ("\u{1B}[1m50%\u{1B}[0m\n", Progress(fraction: 0.5)),
      ("10%\nsome text\n::progress 30 third\n[1/2\n", Progress(fraction: 0.3, label: "third")),
      ("::progress 30 ends\nthen 45%\n", Progress(fraction: 0.45)),
      (
        "::progress 5 \u{1B}[31mred\u{07}\u{9D}\u{202E} words\n",
        Progress(fraction: 0.05, label: "red words")
      ),
    ])
  func stated(output: String, progress: Progress) {
    #expect(ProgressParser.newest(in: Array(output.utf8)) == progress)
  }

  @Test(
    "other output states nothing",
    arguments: [
      "", "\n", "plain text\n", "40% of users\n", "cpu 250%\n", "-5%\n", "a40%\n", "%\n",
      "1.2.3%\n",
      "[40/12]\n", "[0/0]\n", "[1/x]\n", "[10/12/2024] date\n", "::progress\n", "::progress many\n",
      " ::progress 40\n", "::progress 40words\n", "::progress 40 unfinished", "[1/2] unfinished",
      "\u{1B}]9;4;1;40", "\u{1B}]9;4;0;40\u{07}", "\u{1B}]9;4;3;0\u{07}", "\u{1B}]9;3;1;40\u{07}",
      "\u{1B}]9;4;1;\u{07}", "1234567890123%\n", "\u{1B}", "\u{1B}[", "[99999999999999999999/1]\n",
    ])
  func silent(output: String) {
    #expect(ProgressParser.newest(in: Array(output.utf8)) == nil)
  }

  @Test("a label is cut to 80 characters")
  func longLabel() {
    let output = Array("::progress 1 \(String(repeating: "ä", count: 500))\n".utf8)
    let progress = Progress(fraction: 0.01, label: String(repeating: "ä", count: 80))
    #expect(ProgressParser.newest(in: output) == progress)
  }

  @Test("binary output is survived, and a statement after it is found")
  func binary() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<200 {
      let noise = (0..<2000).map { _ in
        // Half of it is bytes that mean something to the parser.
        Bool.random()
          ? UInt8.random(in: 0...255, using: &generator)
          : Array("\u{1B}]9;4;1[/]%:0123\n\r\u{07}".utf8).randomElement(using: &generator) ?? 0
      }
      if let progress = ProgressParser.newest(in: noise) {
        #expect((0...1).contains(progress.fraction))
        #expect(progress.label.count <= 80)
        #expect(!progress.label.unicodeScalars.contains { $0.value < 32 })
      }
      let output = noise + Array("\n[1/4] found\n".utf8)
      #expect(ProgressParser.newest(in: output) == Progress(fraction: 0.25, label: "found"))
    }
  }

  @Test("a grace is spent on asking and telling, then comes the kill")
  func teardown() {
    #expect(
      Teardown.steps(grace: .seconds(10)) == [
        TeardownStep(.interrupt, wait: .seconds(5)), TeardownStep(.terminate, wait: .seconds(5)),
        TeardownStep(.kill, wait: nil),
      ])
  }
}
