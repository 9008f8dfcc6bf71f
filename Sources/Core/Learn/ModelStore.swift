import Glibc

/// The file in which a learnt model is kept.
package enum ModelStore {
  /// What is there.
  package enum Found: Equatable, Sendable {
    case nothing
    case model(ConflictModel)
    /// It was no whole model of this version, and was moved to the file named.
    case setAside(String)
  }

  package static func load(from folder: LanesFolder) -> Found {
    let path = folder.conflictModel
    guard let bytes = FileBytes.read(path) else { return .nothing }
    if let model = ConflictModel(encoded: bytes) { return .model(model) }
    let aside = path + ".old"
    rename(path, aside)
    return .setAside(aside)
  }

  /// Replaces what is there, all or nothing, and returns the number of bytes.
  package static func store(
    _ model: ConflictModel, in folder: LanesFolder
  ) throws(PlatformError) -> Int {
    let path = folder.conflictModel
    let temporary = path + ".\(getpid()).new"
    let bytes = model.encoded
    let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard file >= 0 else { throw PlatformError(temporary) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      rest = rest.dropFirst(count)
    }
    let code = errno
    close(file)
    guard rest.isEmpty else {
      unlink(temporary)
      throw PlatformError(temporary, code: code)
    }
    guard rename(temporary, path) == 0 else {
      let code = errno
      unlink(temporary)
      throw PlatformError(path, code: code)
    }
    return bytes.count
  }
}

extension LanesFolder {
  package var conflictModel: String { path + "/conflicts.model" }
}
