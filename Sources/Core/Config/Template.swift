/// The lanes.yml that `lanes init` writes: every setting with its default, all as comments.
package enum Template {
  package static var text: String {
    var text = """
      # How lanes runs the tasks of this project.
      #
      # Each line below that has a value shows the default; take the "# " away to change it. A
      # variable or a flag wins over this file, and this file over the one in ~/.config/lanes.
      # lanes config shows what is in force, and why.

      """
    for setting in Setting.table { text += entry(setting) }
    return text + """

      # Agent profiles, for agent above and --agent.
      # agents:
      #   fast:
      #     command: 'my-agent --quick < "$LANES_PROMPT_FILE"'

      # Variables that every task gets.
      # environment:
      #   CI: "1"

      # Keys of the view, by action; docs/keys.md lists actions and keys.
      # keys:
      #   quit: [q, f10]

      """
  }

  private static func entry(_ setting: Setting) -> String {
    let flag = setting.flag.map { flag in
      [flag.short.map { "-\($0)" }, "--\(flag.name)"].compactMap(\.self).joined(separator: ", ")
    }
    let others = ["$\(setting.variable)", flag].compactMap(\.self).joined(separator: ", ")
    return """

      # \(setting.help.prefix(1).uppercased())\(setting.help.dropFirst()).
      # (\(setting.kind.placeholder); also \(others))
      # \(setting.key): \(setting.standard ?? setting.example ?? "")

      """
  }
}
