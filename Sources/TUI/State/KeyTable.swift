/// One line of the key table: an action with its keys and what is to be said about it.
package struct KeyEntry: Equatable, Sendable {
  package var action: ViewAction
  package var keys: [Key]
  /// What the action does, in the imperative, without a full stop.
  package var words: String
  /// A word or two, for the last line of the screen; empty where that says too little.
  package var hint: String
  package var group: ActionGroup
  /// Whether the view asks before it does it.
  package var asks: Bool
  /// Whether it changes the run, which a replay cannot.
  package var steers: Bool

  init(
    _ action: ViewAction, _ keys: [Key], _ words: String, hint: String = "", _ group: ActionGroup,
    asks: Bool = false, steers: Bool = false
  ) {
    self.action = action
    self.keys = keys
    self.words = words
    self.hint = hint
    self.group = group
    self.asks = asks
    self.steers = steers
  }
}

/// The one list of keys: dispatch, hints, help, palette and documents are made from it.
package enum KeyTable {
  /// Every action once, in the order of the help.
  package static var entries: [KeyEntry] { moving + views + task + run + text + program }

  private static var moving: [KeyEntry] {
    [
      KeyEntry(.up, [.up, "k"], "go to the task or line above", .move),
      KeyEntry(.down, [.down, "j"], "go to the task or line below", .move),
      KeyEntry(.left, [.left, "h"], "go to the lane before, or scroll left", .move),
      KeyEntry(.right, [.right, "l"], "go to the next lane, or scroll right", .move),
      KeyEntry(.top, ["g", .home], "go to the top", .move),
      KeyEntry(.bottom, ["G", .end], "go to the end", hint: "end", .move),
      KeyEntry(.pageUp, [.pageUp], "go up a page", .move),
      KeyEntry(.pageDown, [.pageDown], "go down a page", .move),
      KeyEntry(.halfPageUp, [.control("u")], "go up half a page", .move),
      KeyEntry(.halfPageDown, [.control("d")], "go down half a page", .move),
      KeyEntry(.open, [.enter], "open what is selected", hint: "open", .move),
      KeyEntry(.back, [.escape], "go back, or drop the filter", hint: "back", .move),
    ]
  }

  private static var views: [KeyEntry] {
    [
      KeyEntry(
        .lanes, ["1"], "show the lanes: levels or tracks of tasks", hint: "lanes",
        .views),
      KeyEntry(.log, ["2"], "show the log of the selected task", hint: "log", .views),
      KeyEntry(.graph, ["3"], "show what waits for what", hint: "graph", .views),
      KeyEntry(
        .timeline, ["4"], "show when tasks ran and the critical path", hint: "timeline", .views),
      KeyEntry(
        .statistics, ["5"], "show speedup and where time was lost", hint: "statistics", .views),
      KeyEntry(.nextView, [.tab], "show the next of these views", hint: "next view", .views),
      KeyEntry(.previousView, [.backTab], "show the view before", .views),
      KeyEntry(
        .diff, ["d"], "show what the task has changed (its diff)", hint: "changes", .views
      ),
      KeyEntry(.conflicts, ["c"], "show conflicts and warnings", hint: "conflicts", .views),
      KeyEntry(.messages, ["m"], "show all messages since the start", hint: "messages", .views),
      KeyEntry(.help, ["?", .function(1)], "show this help", hint: "help", .views),
      KeyEntry(.palette, [":"], "find any action by its name", hint: "actions", .views),
    ]
  }

  private static var task: [KeyEntry] {
    [
      KeyEntry(
        .pauseTask, [" "], "pause the task, or let it go on", hint: "pause", .task,
        steers: true),
      KeyEntry(.retry, ["r"], "try the task again", hint: "retry", .task, steers: true),
      KeyEntry(
        .retryWithDependents, ["D"], "try it again with its dependents",
        hint: "retry with dependents",
        .task, asks: true,
        steers: true),
      KeyEntry(
        .cancel, ["x"], "cancel the task: it is told to end", hint: "cancel", .task, asks: true,
        steers: true),
      KeyEntry(
        .kill, ["X"], "kill the task's processes at once", hint: "kill", .task, asks: true,
        steers: true),
      KeyEntry(
        .skip, ["s"], "skip the task and free its dependents", hint: "skip", .task,
        asks: true, steers: true),
      KeyEntry(.copy, ["y"], "copy what is selected to the clipboard", hint: "copy", .task),
    ]
  }

  private static var run: [KeyEntry] {
    [
      KeyEntry(
        .pauseDispatch, ["p"], "start nothing new, or start again", hint: "hold", .run,
        steers: true),
      KeyEntry(
        .retryFailed, ["R"], "try every failed task again", hint: "retry failed", .run,
        steers: true),
      KeyEntry(
        .moreJobs, ["+", "="], "run one more task at once", hint: "one more", .run, steers: true),
      KeyEntry(
        .fewerJobs, ["-"], "run one task fewer at once", hint: "one fewer", .run, steers: true),
    ]
  }

  private static var text: [KeyEntry] {
    [
      KeyEntry(
        .search, ["/"], "filter the tasks; in a log, search all of it", hint: "filter", .text),
      KeyEntry(.nextMatch, ["n"], "go to the next match in the log", hint: "next", .text),
      KeyEntry(.previousMatch, ["N"], "go to the match before", hint: "previous", .text),
      KeyEntry(.follow, ["f"], "follow the end of the log, or stop", hint: "follow", .text),
      KeyEntry(.wrap, ["w"], "wrap long lines, or cut them", hint: "wrap", .text),
      KeyEntry(
        .fold, ["z"], "fold the lane; in a log, use all rows", hint: "fold",
        .text),
      KeyEntry(.previousAttempt, ["["], "show the log of the attempt before", .text),
      KeyEntry(.nextAttempt, ["]"], "show the log of the next attempt", .text),
    ]
  }

  private static var program: [KeyEntry] {
    [
      KeyEntry(.theme, ["t"], "choose the colours", hint: "colours", .program),
      KeyEntry(.redraw, [.control("l")], "draw the screen anew", .program),
      KeyEntry(.suspend, [.control("z")], "suspend lanes; `fg` brings it back", .program),
      KeyEntry(
        .quit, ["q", .control("c")], "leave the view; a live run asks how",
        hint: "quit", .program),
      KeyEntry(
        .stop, ["Q"], "stop everything that runs, and leave", .program, asks: true, steers: true),
    ]
  }
}

extension Key: ExpressibleByExtendedGraphemeClusterLiteral {
  package init(extendedGraphemeClusterLiteral value: Character) {
    self = .character(value)
  }
}
