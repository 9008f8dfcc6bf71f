import Core
import Testing

struct JSONWriterTests {
  @Test("values are written with commas between them and escapes in them")
  func values() throws {
    var writer = JSONWriter()
    writer.object { writer in
      writer.key("a\"b")
      writer.array { writer in
        writer.integer(-1)
        writer.number(0.5)
        writer.number(.infinity)
        writer.bool(true)
        writer.null()
        writer.array { _ in }
        writer.value(Array("{}".utf8))
      }
      writer.key("t")
      writer.string("\\ \n\t\r \u{1} \u{1B} \u{7F} \u{85} é Ä \u{9F}\u{A0} 日")
    }
    #expect(
      writer.text
        == #"{"a\"b":[-1,0.5,null,true,null,[],{}],"t":"\\ \n\t\r \u0001 \u001b \u007f \u0085 é Ä \u009f\#u{A0} 日"}"#
    )
    let read = try JSONDocument(parsing: writer.bytes, name: "t").root
    #expect(read["t"]?.string == "\\ \n\t\r \u{1} \u{1B} \u{7F} \u{85} é Ä \u{9F}\u{A0} 日")
  }
}
