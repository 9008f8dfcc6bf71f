import Glibc
import TUI
import Testing

/// Compares a picture with the one kept in the folder `Golden`, and shows both when they differ.
///
/// With `LANES_GOLDEN=rewrite` in the environment the kept picture is replaced; look at it then.
func expectScreen(
  _ frame: Frame, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
) {
  let path = Golden.folder + name + ".txt"
  let picture = frame.text + "\n"
  #expect(frame.flaw == nil, sourceLocation: sourceLocation)
  if getenv("LANES_GOLDEN").map({ String(cString: $0) }) == "rewrite" {
    Golden.write(picture, to: path)
    return
  }
  let kept = Golden.read(path)
  #expect(
    picture == kept,
    """
    \(name) is now
    \(picture)
    and was
    \(kept)
    """, sourceLocation: sourceLocation)
}

enum Golden {
  static let folder = beside(#filePath, "Golden/")

  /// A path in the folder of a source file.
  static func beside(_ source: String, _ name: String) -> String {
    source.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      .joined(separator: "/") + "/" + name
  }

  static func read(_ path: String) -> String {
    guard let file = fopen(path, "r") else { return "" }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 {
      bytes += buffer[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  static func write(_ text: String, to path: String) {
    guard let file = fopen(path, "w") else { return }
    fputs(text, file)
    fclose(file)
  }
}
