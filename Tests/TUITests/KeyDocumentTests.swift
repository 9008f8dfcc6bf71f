import Glibc
import TUI
import Testing

/// `docs/keys.md` and the README's list of keys are made from the table of keys.
///
/// With `LANES_GOLDEN=rewrite` in the environment they are written anew.
struct KeyDocumentTests {
  private static let root = Golden.beside(#filePath, "../../")
  private static let start = "<!-- keys: made from the table of keys -->\n"
  private static let end = "<!-- end of keys -->\n"

  private static func keys(_ entry: KeyEntry) -> String {
    entry.keys.map { key in key == "|" ? "`\\|`" : "`\(key.label)`" }.joined(separator: " ")
  }

  private static func table(_ group: ActionGroup) -> String {
    let rows = KeyTable.entries.filter { $0.group == group }.map { entry in
      "| \(keys(entry)) | \(entry.words)\(entry.asks ? "; asks first" : "") | `\(entry.action.rawValue)` |"
    }
    return "## \(group.rawValue)\n\n| keys | what they do | action |\n| --- | --- | --- |\n"
      + rows.joined(separator: "\n") + "\n"
  }

  private static let page = """
    # Keys of the full-screen view

    The last line of the screen shows the keys that help most where you are; `?` shows all of them, and
    `:` finds an action by a few letters of its name.

    \(ActionGroup.allCases.map(table).joined(separator: "\n"))
    In a question one of the keys it names answers, and `Esc` takes it back. While text is typed,
    `Ctrl-U` empties the line, `Ctrl-W` takes a word, `Enter` ends and `Esc` gives up. The mouse selects
    a task, opens it with a double click and scrolls with the wheel.

    ## Other keys

    In `lanes.yml` an action gets other keys than these; it has only those then:

    ```yaml
    keys:
      retry: [r, f5]
      page-down: [page-down, ctrl-f]
    ```

    A key is a character, `space`, `enter`, `escape`, `tab`, `shift-tab`, `backspace`, `delete`, `up`,
    `down`, `left`, `right`, `page-up`, `page-down`, `home`, `end`, `f1` to `f12`, or `ctrl-` and a letter.

    """

  private static let section: String = {
    let rows = ActionGroup.allCases.map { group in
      let words = KeyTable.entries.filter { $0.group == group && !$0.hint.isEmpty }
        .map { "`\($0.keys.first?.label ?? "")` \($0.hint)" }
      return "| \(group.rawValue) | \(words.joined(separator: ", ")) |"
    }
    return "| | |\n| --- | --- |\n" + rows.joined(separator: "\n") + "\n"
  }()

  @Test("docs/keys.md lists the keys there are")
  func page() {
    let path = Self.root + "docs/keys.md"
    if isRewriting { Golden.write(Self.page, to: path) }
    #expect(Golden.read(path) == Self.page)
  }

  @Test("the README lists the keys there are")
  func readme() throws {
    let path = Self.root + "README.md"
    let text = Golden.read(path)
    let start = try #require(text.firstRange(of: Self.start)).upperBound
    let end = try #require(text.firstRange(of: Self.end)).lowerBound
    if isRewriting {
      Golden.write(text[..<start] + Self.section + text[end...], to: path)
    } else {
      #expect(text[start..<end] == Self.section)
    }
  }

  private var isRewriting: Bool { getenv("LANES_GOLDEN").map { String(cString: $0) } == "rewrite" }
}
