extension Theme {
  /// The theme that is built in; `themes/default.yml` says the same.
  package static let standard = Theme(
    name: "default",
    looks: [
      .text: Look(),
      .dim: Look(foreground: .palette(8)),
      .title: Look(isBold: true),
      .border: Look(foreground: .palette(8)),
      .focusedBorder: Look(foreground: .palette(6)),
      .selection: Look(isReversed: true),
      .header: Look(foreground: .palette(6), isBold: true),
      .footer: Look(foreground: .palette(8)),
      .key: Look(foreground: .palette(6)),
      .succeeded: Look(foreground: .palette(2)),
      .failed: Look(foreground: .palette(1), isBold: true),
      .running: Look(foreground: .palette(6)),
      .waiting: Look(foreground: .palette(8)),
      .ready: Look(),
      .paused: Look(foreground: .palette(3)),
      .skipped: Look(foreground: .palette(8)),
      .cancelled: Look(foreground: .palette(5)),
      .blocked: Look(foreground: .palette(1)),
      .warning: Look(foreground: .palette(3)),
      .conflict: Look(foreground: .palette(5), isBold: true),
      .critical: Look(foreground: .palette(3), isBold: true),
      .progress: Look(foreground: .palette(6)),
      .guess: Look(foreground: .palette(4)),
      .track: Look(foreground: .palette(8)),
      .match: Look(foreground: .palette(0), background: .palette(3)),
      .input: Look(isUnderlined: true),
      .error: Look(foreground: .palette(1), isBold: true),
    ])
}
