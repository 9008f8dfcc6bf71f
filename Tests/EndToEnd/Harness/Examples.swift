import Core
import Glibc

extension Sandbox {
  /// A sandbox with the files of an example.
  static func example(_ name: String) throws -> Sandbox {
    let root = #filePath.split(separator: "/").dropLast(4).reduce("") { $0 + "/" + $1 }
    let sandbox = try Sandbox()
    try sandbox.copy("\(root)/examples/\(name)", to: "")
    return sandbox
  }

  private func copy(_ source: String, to target: String) throws {
    for name in FileBytes.names(in: source) {
      let (from, to) = ("\(source)/\(name)", target.isEmpty ? name : "\(target)/\(name)")
      if let bytes = FileBytes.read(from) {
        let mode: mode_t = access(from, X_OK) == 0 ? 0o755 : 0o644
        try write(String(decoding: bytes, as: UTF8.self), to: to, mode: mode)
      } else {
        mkdir(path + "/" + to, 0o755)
        try copy(from, to: to)
      }
    }
  }
}
