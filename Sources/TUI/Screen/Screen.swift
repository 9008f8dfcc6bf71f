/// Something that shows frames, such as a terminal.
@MainActor package protocol Screen: AnyObject {
  var size: Size { get }
  /// Makes the screen show `frame`, at the cost of what differs from the last one.
  func draw(_ frame: Frame)
  /// Changes how roles look, from the next frame on.
  func use(_ theme: Theme)
  /// Puts the terminal back as it was; nothing may be drawn until `open` is called again.
  func close()
}
