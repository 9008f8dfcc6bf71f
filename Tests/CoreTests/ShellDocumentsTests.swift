import Core
import Testing

@Suite("Completions and the manual page")
struct ShellDocumentsTests {
  @Test("every command and every flag is in the completions", arguments: Completions.allCases)
  func completions(shell: Completions) {
    let text = shell.text
    for command in Command.allCases {
      #expect(text.contains(command.rawValue))
      for flag in command.flags { #expect(text.contains(flag.name)) }
    }
    #expect(text.contains("levels dataflow"))
  }

  @Test("every command, flag, setting and variable is in the manual page")
  func manual() {
    let page = ManualPage.text(version: "1.2-3")
    let plain = page.split(separator: "\\").joined()
    for command in Command.allCases {
      #expect(page.contains(".SS \(command.rawValue)"))
      for flag in command.flags { #expect(plain.contains("--\(flag.name)")) }
    }
    for setting in Setting.table { #expect(page.contains(setting.variable)) }
    #expect(page.hasPrefix(".TH LANES 1 \"\" \"lanes 1.2\\-3\""))
    #expect(page.split(separator: "\n").allSatisfy { !$0.hasPrefix("'") })
  }
}
