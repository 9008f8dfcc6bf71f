import Core

/// Reads a run's events and shows them, on a thread of its own: a terminal that is held up with ^S
/// holds up nothing else.
actor OutputWriter {
  private nonisolated let reactor: Reactor
  nonisolated var unownedExecutor: UnownedSerialExecutor { reactor.asUnownedSerialExecutor() }
  private var printer: RunPrinter

  init(_ printer: RunPrinter) throws(PlatformError) {
    self.printer = printer
    reactor = try Reactor(name: "lanes-output")
    try reactor.start { _ in }
  }

  /// Shows events until there are no more.
  func show(_ events: AsyncStream<[RunEvent]>) async {
    for await group in events {
      for event in group { printer.show(event) }
    }
  }

  func show(_ group: [RunEvent]) {
    for event in group { printer.show(event) }
  }

  /// Brings the lines to where a view stopped, without a word.
  func begin(with state: RunState) {
    printer.begin(with: state)
  }

  func finish(_ state: RunState, folder: RunFolder) {
    printer.finish(state, folder: folder)
  }
}
