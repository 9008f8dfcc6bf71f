/// The signs the views use, for terminals that show Unicode and for those that do not.
struct Symbols: Equatable, Sendable {
  let isUnicode: Bool

  private func pick(_ unicode: String, _ ascii: String) -> String { isUnicode ? unicode : ascii }

  var succeeded: String { pick("✔", "+") }
  var failed: String { pick("✘", "x") }
  var running: String { pick("▶", ">") }
  var waiting: String { pick("⋯", ".") }
  var ready: String { pick("○", "o") }
  var paused: String { pick("‖", "=") }
  var retrying: String { pick("↻", "@") }
  var skipped: String { pick("↷", "-") }
  var cancelled: String { pick("⊘", "/") }
  var blocked: String { pick("◌", "#") }
  var warning: String { pick("⚠", "!") }

  var ellipsis: String { pick("…", "..") }
  var dot: String { pick("·", "-") }
  var arrow: String { pick("→", "->") }
  var times: String { pick("×", "x") }
  var folded: String { pick("▸", "+") }
  var unfolded: String { pick("▾", "-") }
  var more: (left: String, right: String) { isUnicode ? ("‹", "›") : ("<", ">") }
  var above: String { pick("↑", "^") }
  var below: String { pick("↓", "v") }

  var horizontal: String { pick("─", "-") }
  var vertical: String { pick("│", "|") }
  var topLeft: String { pick("┌", "+") }
  var topRight: String { pick("┐", "+") }
  var bottomLeft: String { pick("└", "+") }
  var bottomRight: String { pick("┘", "+") }
  var branch: String { pick("├─", "|-") }
  var lastBranch: String { pick("└─", "`-") }
  var stem: String { pick("│ ", "| ") }

  /// Reported progress, the half step at its end, and what is still to come.
  var filled: String { pick("━", "=") }
  var half: String { pick("╾", "-") }
  var track: String { pick("─", "-") }
  /// Progress that is a guess.
  var guessed: String { pick("┄", ".") }
  /// A bar of a chart, and the time before it.
  var block: String { pick("█", "#") }
  var shade: String { pick("▒", "%") }
  var critical: String { pick("◆", "*") }
  var wait: String { pick("·", ".") }
  var scrollbar: String { pick("┃", "#") }
}
