import Core
import Glibc

/// The themes there are: the built-in one, those that came with the program, and the user's own.
///
/// Of two with one name the user's counts.
package struct ThemeStore: Sendable {
  /// The folders with theme files, the user's first.
  package let folders: [String]

  package init(folders: [String]) {
    self.folders = folders
  }

  /// The folders of this user and of this program's place on the disk.
  ///
  /// A program in `PREFIX/bin` has its themes in `PREFIX/share/lanes/themes`, one that was built and
  /// not installed in the source tree.
  package init(environment: [String: String]) {
    let user = Settings.userFilePath(environment: environment).map { file in
      String(file.dropLast("lanes.yml".count)) + "themes"
    }
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = max(0, readlink("/proc/self/exe", &buffer, buffer.count - 1))
    let program = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let parts = program.split(separator: "/").map(String.init)
    let installed = "/" + (parts.dropLast(2) + ["share", "lanes", "themes"]).joined(separator: "/")
    let built = "/" + (parts.dropLast(4) + ["themes"]).joined(separator: "/")
    let isBuilt = parts.dropLast(3).last == ".build"
    self.init(folders: [user, installed, isBuilt ? built : nil].compactMap(\.self))
  }

  /// The names of all themes, `default` first.
  package var names: [String] {
    let found = folders.flatMap { FileBytes.names(in: $0) }.filter { $0.hasSuffix(".yml") }
      .map { String($0.dropLast(4)) }.filter(Self.isName)
    return ["default"] + Set(found).subtracting(["default"]).sorted()
  }

  /// The file of a theme; nil for one that is only built in, and for one there is not.
  package func file(of name: String) -> String? {
    guard Self.isName(name) else { return nil }
    return folders.lazy.map { "\($0)/\(name).yml" }.first { access($0, R_OK) == 0 }
  }

  package func theme(_ name: String) throws(ThemeError) -> Theme {
    guard let file = file(of: name) else {
      if name == Theme.standard.name { return .standard }
      let names = names
      throw ThemeError(
        file: "theme \(quoted(name))", problem: "is not there",
        remedy: nearest(name, among: names).map { "did you mean \($0)?" }
          ?? "there are \(names.joined(separator: ", "))")
    }
    guard let bytes = FileBytes.read(file) else {
      throw ThemeError(
        file: file, problem: "cannot be read", remedy: "make it a file that you may read")
    }
    return try ThemeFile.theme(bytes, name: name, file: file)
  }

  /// A name becomes part of a path.
  private static func isName(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 100 && !name.hasPrefix(".")
      && !name.utf8.contains { $0 == UInt8(ascii: "/") || $0 < 0x20 || $0 == 0x7F }
  }
}
