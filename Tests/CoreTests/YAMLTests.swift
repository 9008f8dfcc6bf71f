import Core
import Testing

@Suite("YAML") struct YAMLTests {
  private func parse(_ text: String, _ limits: YAML.Limits = .init()) throws -> [YAMLNode] {
    try YAML.documents(Array(text.utf8), file: "f.yml", limits: limits)
  }

  private func failure(_ text: String, _ limits: YAML.Limits = .init()) -> String {
    let error = #expect(throws: YAMLError.self) { try parse(text, limits) }
    return error?.description ?? ""
  }

  private func scalar(_ text: String, _ line: Int, _ column: Int) -> YAMLNode {
    YAMLNode(
      place: SourcePlace(line: line, column: column), content: .scalar(text, isPlain: true))
  }

  @Test("values come with their places")
  func places() throws {
    let node = try #require(try parse("é: [1,\n  b]\nc: ~\n").first)
    #expect(
      node
        == YAMLNode(
          place: SourcePlace(line: 1, column: 1),
          content: .mapping([
            .init(
              key: "é", place: SourcePlace(line: 1, column: 1),
              value: YAMLNode(
                place: SourcePlace(line: 1, column: 4),
                content: .sequence([scalar("1", 1, 5), scalar("b", 2, 3)]))),
            .init(
              key: "c", place: SourcePlace(line: 3, column: 1), value: scalar("~", 3, 4)),
          ])))
    #expect(node["c"]?.isNull == true)
    #expect(node["d"] == nil)
  }

  @Test(
    "only true and false are Booleans, and quotes make texts",
    arguments: [
      ("true", true), ("False", false), ("no", nil), ("yes", nil), ("off", nil), ("'true'", nil),
      ("!!str true", nil), ("1", nil),
    ] as [(String, Bool?)])
  func booleans(text: String, expected: Bool?) throws {
    #expect(try parse(text).first?.bool == expected)
  }

  @Test(
    "integers are decimal, hexadecimal or octal",
    arguments: [
      ("12", 12), ("-3", -3), ("0x1F", 31), ("0o17", 15), ("017", 17), ("1.0", nil), ("'1'", nil),
      ("1_000", nil), ("99999999999999999999", nil),
    ] as [(String, Int?)])
  func integers(text: String, expected: Int?) throws {
    #expect(try parse(text).first?.integer == expected)
  }

  @Test(
    "texts are as written, null is none",
    arguments: [
      ("a b", "a b"), ("'~'", "~"), ("~", nil), ("null", nil), ("", nil), ("no", "no"),
      ("|\n a\n b\n", "a\nb\n"), ("\"\\e[2J\"", "\u{1B}[2J"),
    ] as [(String, String?)])
  func texts(text: String, expected: String?) throws {
    #expect(try parse("k: " + text).first?["k"]?.text == expected)
  }

  @Test("an alias stands for its value")
  func aliases() throws {
    let node = try #require(try parse("a: &x {k: v}\nb: *x").first)
    #expect(node["b"]?["k"]?.text == "v")
  }

  @Test("several documents are several values; none is none")
  func documents() throws {
    #expect(try parse("a\n---\nb\n...\n").map(\.text) == ["a", "b"])
    #expect(try parse("") == [])
    #expect(try parse("# only a comment\n") == [])
    #expect(try parse("\u{FEFF}a: 1").first?["a"]?.integer == 1)
    #expect(try parse("a: 1\r\nb: 2\r\n").first?["b"]?.integer == 2)
  }

  @Test(
    "every mistake is named with its place and its remedy",
    arguments: [
      (
        "a: 1\nb: [1, 2\n",
        "f.yml:3:1: did not find expected ',' or ']' while parsing a flow sequence that begins on "
          + "line 2; check indentation, colons and quotes there"
      ),
      (
        "a:\n\tb: 1\n",
        "f.yml:2:1: found character that cannot start any token while scanning for the next token "
          + "that begins on line 2; indent with spaces, not with tabs"
      ),
      ("a: 1\na: 2", #"f.yml:2:1: the key "a" is already on line 1; remove one of the two"#),
      ("? [a]\n: 1", "f.yml:1:3: a key is not a text; use words as keys"),
      (
        "a: *x",
        "f.yml:1:4: the alias *x stands for nothing that ended before it; "
          + "put &x before the value that it stands for"
      ),
      (
        "a: &x [*x]",
        "f.yml:1:8: the alias *x stands for nothing that ended before it; "
          + "put &x before the value that it stands for"
      ),
      (
        "a: !!python/object:os.system x",
        #"f.yml:1:4: the tag "tag:yaml.org,2002:python/object:os.system" has no meaning here; remove it"#
      ),
    ])
  func mistakes(text: String, expected: String) {
    #expect(failure(text) == expected)
  }

  @Test("bytes that are no UTF-8 are named with their place")
  func encoding() {
    let error = #expect(throws: YAMLError.self) {
      try YAML.documents(Array("a: é\nb: ".utf8) + [0xFF, 0x0A], file: "f.yml")
    }
    #expect(error?.place == SourcePlace(line: 2, column: 4))
    #expect(error?.remedy == "save the file as UTF-8 text")
  }

  @Test("deep nesting, many values, large files and exploding aliases are refused")
  func limits() {
    var small = YAML.Limits()
    small.nodes = 100
    small.bytes = 10
    #expect(
      failure(String(repeating: "[", count: 5000))
        == "f.yml:1:66: values are nested deeper than 64; flatten them")
    #expect(failure("[1, 2, 3, 4]", small).hasPrefix("f.yml:1:1: the file is larger"))
    small.bytes = 10_000
    let list = "[" + String(repeating: "1,", count: 200) + "]"
    #expect(failure(list, small).hasSuffix("there are more than 100 values; split the file"))
    let bomb = (0..<40).map { index in
      let inner =
        index == 0 ? "x" : Array(repeating: "*a\(index - 1)", count: 9).joined(separator: ",")
      return "a\(index): &a\(index) [\(inner)]"
    }
    #expect(failure(bomb.joined(separator: "\n")).contains("there are more than 1000000 values"))
    let chain = (0..<90).map { "a\($0): &a\($0) [\($0 == 0 ? "x" : "*a\($0 - 1)")]" }
    #expect(failure(chain.joined(separator: "\n")).contains("nested deeper than 64"))
  }

  @Test("no text makes the reader trap or hang")
  func noise() {
    var random = SplitMix(state: 1)
    let seed = Array("a: &x [1, {b: 'c'}]\nd: *x\ne: |\n  f\n- \"g\\n\"\n? !!str h\n: --- %".utf8)
    for _ in 0..<3000 {
      var bytes = seed
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0...2, using: &random) {
        case 0: bytes[place] = .random(in: 0...255, using: &random)
        case 1: bytes.remove(at: place)
        case _: bytes.insert(bytes[Int.random(in: 0..<bytes.count, using: &random)], at: place)
        }
      }
      _ = try? YAML.documents(bytes, file: "f.yml")
    }
  }

  @Test("the library tells its version")
  func version() {
    #expect(YAML.libraryVersion.split(separator: ".").count == 3)
    #expect(SQLite.libraryVersion.split(separator: ".").count == 3)
  }
}
