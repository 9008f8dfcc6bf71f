/// Everything a key, a click or the palette can ask of the view.
///
/// The raw value is the name in `lanes.yml` and in the palette.
package enum ViewAction: String, CaseIterable, Hashable, Sendable {
  case up
  case down
  case left
  case right
  case top
  case bottom
  case pageUp = "page-up"
  case pageDown = "page-down"
  case halfPageUp = "half-page-up"
  case halfPageDown = "half-page-down"
  case open
  case back

  case lanes
  case log
  case graph
  case timeline
  case statistics
  case nextView = "next-view"
  case previousView = "previous-view"
  case diff
  case conflicts
  case messages
  case help
  case palette

  case pauseTask = "pause-task"
  case retry
  case retryWithDependents = "retry-with-dependents"
  case cancel
  case kill
  case skip
  case copy

  case pauseDispatch = "pause-dispatch"
  case retryFailed = "retry-failed"
  case moreJobs = "more-jobs"
  case fewerJobs = "fewer-jobs"

  case search
  case nextMatch = "next-match"
  case previousMatch = "previous-match"
  case follow
  case wrap
  case fold
  case previousAttempt = "previous-attempt"
  case nextAttempt = "next-attempt"

  case theme
  case redraw
  case suspend
  case quit
  case stop
}

/// What an action is about: a heading of the help.
package enum ActionGroup: String, CaseIterable, Sendable {
  case move = "Move"
  case views = "Views"
  case task = "The selected task"
  case run = "The run"
  case text = "Lists and logs"
  case program = "Program"
}
