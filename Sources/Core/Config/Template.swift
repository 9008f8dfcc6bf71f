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
      #   fast: {preset: claude, model: haiku}
      #   strong: {preset: claude, model: opus}
      #   own: {command: 'my-agent --quick < "$LANES_PROMPT_FILE"'}
      # Presets are claude, codex, gemini and shell; docs/agents.md has all keys.

      # The agents of a task's attempts; after the last one a person is asked.
      # escalate: [fast, fast, strong]

      # Which tasks are for whom, by worker, complexity, priority or tag, and how many at once.
      # routes:
      #   - {match: {worker: frontend}, agent: fast, pool: ui}
      #   - {match: {complexity: 8..}, agent: strong}
      # pools: {ui: 1}

      # Checks of the work: a command, or an agent whose last line says PASS, or FAIL and why.
      # gates:
      #   - {name: test, run: make test, at: task, timeout: 10m, retries: 1}
      #   - {name: review, agent: strong, at: final}

      # What agents may cost in dollars: nothing starts from usd on; task is for one without success.
      # budget: {usd: 25, warn: 10, task: 5}

      # Commands that run when something happens; docs/hooks.md lists the events.
      # hooks:
      #   run_finished: 'echo "$LANES_EVENT_RUN $LANES_EVENT_RESULT" >> runs.txt'

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
