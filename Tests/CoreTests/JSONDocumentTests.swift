import Core
import Testing

struct JSONDocumentTests {
  @Test("values keep their kind, their text and their place")
  func values() throws {
    let text = """
      {"a": [1, -2.5, "x\\n\\u00e9\\ud83d\\ude00"],
        "ü": {"deep": true}, "n": null, "f": false}
      """
    let root = try document(text).root
    #expect(root.kind == .object)
    #expect(root.members.map { $0.key.string } == ["a", "ü", "n", "f"])
    let numbers = try #require(root["a"])
    #expect(numbers.elements.map(\.kind) == [.number, .number, .string])
    #expect(numbers.elements.map(\.integer) == [1, nil, nil])
    #expect(numbers.elements.map(\.number) == [1, -2.5, nil])
    #expect(numbers.elements.map(\.string) == [nil, nil, "x\né😀"])
    let deep = try #require(root["ü"]?["deep"])
    #expect(deep.bool == true)
    #expect(deep.place == SourcePlace(line: 2, column: 17))
    #expect(root["n"]?.isNull == true)
    #expect(root["f"]?.bool == false)
    #expect(root["none"] == nil)
    #expect(Array(numbers.document.bytes[numbers.range]).last == UInt8(ascii: "]"))
  }

  @Test("scalars, empty containers and white space around them are documents")
  func scalars() throws {
    #expect(try document(" 7 ").root.integer == 7)
    #expect(try document("\"\"").root.string == "")
    #expect(try document("\r\n[ ]\r\n").root.elements.map(\.kind).isEmpty)
    #expect(try document("{ }").root.members.map(\.key.string).isEmpty)
    #expect(
      try document("[1e2,1.0,12345678901234567890]").root.elements.map(\.integer) == [100, 1, nil])
  }

  @Test("a byte order mark is skipped and counts for no column")
  func byteOrderMark() throws {
    let root = try document("\u{FEFF}{\"a\": 1}").root
    #expect(root["a"]?.place == SourcePlace(line: 1, column: 7))
  }

  @Test("the last of several equal keys counts")
  func duplicateKeys() throws {
    #expect(try document("{\"a\": 1, \"\\u0061\": 2}").root["a"]?.integer == 2)
  }

  @Test("a lone surrogate becomes a replacement character")
  func loneSurrogates() throws {
    let values = try document(#"["\ud800", "\udc00x", "\ud800\u0041", "\ud83d\ud83d\ude00"]"#).root
    #expect(values.elements.map(\.string) == ["\u{FFFD}", "\u{FFFD}x", "\u{FFFD}A", "\u{FFFD}😀"])
  }

  @Test("a number beyond the range of numbers is kept as text")
  func hugeNumber() throws {
    let node = try document("1e400").root
    #expect(node.numberText == "1e400")
    #expect(node.number == nil)
    #expect(node.integer == nil)
  }

  @Test(
    "what is not JSON is named with its place and a remedy",
    arguments: [
      ("", "t:1:1: the file is empty; write a JSON value into it"),
      ("  \n", "t:2:1: there is no value in the file; write a JSON value into it"),
      ("{\"a\": 1,}", "t:1:9: a comma before '}'; remove the comma"),
      ("[1,\n 2,\n]", "t:3:1: a comma before ']'; remove the comma"),
      ("[1 // one\n]", "t:1:4: a comment; JSON has none; remove the comment"),
      ("/* x */ {}", "t:1:1: a comment; JSON has none; remove the comment"),
      ("[NaN]", "t:1:2: NaN is not a number in JSON; write null or a number"),
      ("[-Infinity]", "t:1:2: -Infinity is not a number in JSON; write null or a number"),
      ("{'a': 1}", "t:1:2: a single quote; use double quotes"),
      ("{a: 1}", "t:1:2: 'a' without quotes; put it in double quotes"),
      ("[True]", "t:1:2: 'True' is not a word of JSON; write true"),
      ("[nulls]", "t:1:2: 'nulls' without quotes; put it in double quotes"),
      ("[\"a\" \"b\"]", "t:1:6: expected ',' or ']', found '\"'; put a comma before it"),
      (
        "{\"a\" 1}",
        "t:1:6: expected ':' after the key, found '1'; correct or remove what stands there"
      ),
      ("{\"a\": }", "t:1:7: expected a value, found '}'; correct or remove what stands there"),
      ("[1}", "t:1:3: expected ',' or ']', found '}'; close what is open, or remove it"),
      ("{} x", "t:1:4: 'x' without quotes; put it in double quotes"),
      ("{}\n{}", "t:2:1: a second value after the first; put the values into one array: [ …, … ]"),
      (
        "[01]",
        "t:1:2: '01' is not a number in JSON; write digits without leading zeros, as in 0.5 or 12, or put it in double quotes"
      ),
      (
        "[1.]",
        "t:1:2: '1.' is not a number in JSON; write digits without leading zeros, as in 0.5 or 12, or put it in double quotes"
      ),
      ("[\"a\tb\"]", "t:1:4: a control character (0x09) inside a string; write it as \\t"),
      ("[\"a\u{1}b\"]", "t:1:4: a control character (0x01) inside a string; write it as \\u0001"),
      (
        "[\"a\nb\"]",
        "t:1:4: a line break inside a string; close the string with '\"', or write the line break as \\n"
      ),
      ("[\"\\x\"]", "t:1:3: \\x is no escape in JSON; write \\\\ for a backslash"),
      (
        "[\"\\u12g4\"]",
        "t:1:3: \\u without four hexadecimal digits; write the four digits, or \\\\u"
      ),
      ("[\"é\", ü]", "t:1:7: expected a value, found U+FC; correct or remove what stands there"),
      (
        "{\n\"a\": [1, 2",
        "t:2:11: the file ends inside the array that begins in line 2; close it with ']', or restore the rest of the file"
      ),
      (
        "{\n\"a\": \"b",
        "t:2:8: the file ends inside the string that begins in line 2; close the string with '\"', or restore the rest of the file"
      ),
      (
        "[\n<<<<<<< HEAD\n1\n=======\n2\n>>>>>>> x\n]",
        "t:2:1: an unresolved merge conflict (<<<<<<<); resolve the conflict and remove its markers"
      ),
    ])
  func faults(text: String, message: String) {
    #expect(throws: JSONError.self) { try document(text) }
    #expect(fault(Array(text.utf8)) == message)
  }

  @Test("what is not UTF-8 is named")
  func encodings() {
    #expect(
      fault([0xFF, 0xFE, 0x7B, 0])
        == "t:1:1: the file is UTF-16 or binary, not UTF-8; save it as UTF-8")
    #expect(
      fault([0x7B, 0, 0x7D, 0])
        == "t:1:1: the file is UTF-16 or binary, not UTF-8; save it as UTF-8")
    #expect(
      fault([0x22, 0xC3, 0x28, 0x22]) == "t:1:2: byte 0xC3 is not UTF-8; save the file as UTF-8")
    #expect(
      fault([0x22, 0xED, 0xA0, 0x80, 0x22])
        == "t:1:2: byte 0xED is not UTF-8; save the file as UTF-8")
    #expect(fault([0x22, 0xF0, 0x9F]) == "t:1:2: byte 0xF0 is not UTF-8; save the file as UTF-8")
  }

  @Test("deep nesting is read up to the limit and named beyond it")
  func depth() throws {
    let limit = JSONDocument.depthLimit
    let fits = String(repeating: "[", count: limit) + String(repeating: "]", count: limit)
    #expect(try document(fits).root.kind == .array)
    #expect(
      fault(Array(String(repeating: "[", count: 1_000_000).utf8))
        == "t:1:513: more than 512 values inside each other; nest less deeply")
  }

  @Test("columns count characters, not bytes, in lines of any length")
  func longLine() throws {
    let text = "[" + String(repeating: "\"é\",", count: 5000) + "true]"
    let last = try #require(Array(try document(text).root.elements).last)
    #expect(last.place == SourcePlace(line: 1, column: 20_002))
  }

  @Test("every prefix of a document is a fault with a place inside it")
  func truncation() {
    let text = Array(#"{"a": [1.5e3, "é\u00e9", {"b": null}], "c": true}"#.utf8)
    for count in 0..<text.count {
      #expect(fault(Array(text.prefix(count))) != nil, "prefix of \(count) bytes")
    }
    #expect(fault(text) == nil)
  }

  private func document(_ text: String) throws -> JSONDocument {
    try JSONDocument(parsing: Array(text.utf8), name: "t")
  }

  private func fault(_ bytes: [UInt8]) -> String? {
    do throws(JSONError) {
      _ = try JSONDocument(parsing: bytes, name: "t")
      return nil
    } catch {
      return error.description
    }
  }
}
