import Glibc

/// Why the journal cannot be opened, read or written.
package enum JournalError: Error, Equatable, Sendable, CustomStringConvertible {
  /// There is no journal yet.
  case missing(path: String)
  /// The content contradicts itself; a runner that opens it to create sets it aside.
  case damaged(path: String, detail: String)
  /// A later version of lanes wrote it.
  case newer(path: String, version: Int64)
  /// Nothing was written; the same call may be repeated once there is space.
  case full(path: String)
  /// Another process kept it locked for seconds; nothing was written, and the call may be repeated.
  case busy(path: String)
  case notAllowed(path: String, detail: String)
  case folder(LanesFolderError)
  /// The journal has no run of this name.
  case unknownRun(String)
  case other(path: String, detail: String)

  package init(_ error: SQLiteError, path: String) {
    self =
      switch error.kind {
      case .full: .full(path: path)
      case .busy: .busy(path: path)
      case .corrupt: .damaged(path: path, detail: error.description)
      case .readOnly, .cannotOpen: .notAllowed(path: path, detail: error.description)
      case .other: .other(path: path, detail: error.description)
      }
  }

  /// What became of a file beside the database.
  init(_ error: SystemError, path: String) {
    self =
      switch error.code {
      case ENOSPC, EDQUOT: .full(path: path)
      case EACCES, EPERM, EROFS, ELOOP: .notAllowed(path: path, detail: error.description)
      default: .other(path: path, detail: error.description)
      }
  }

  package var description: String { printable(text) }

  private var text: String {
    switch self {
    case .missing(let path):
      "\(path): there is no journal; start a run with lanes run"
    case .damaged(let path, let detail):
      "\(path): the journal is damaged: \(detail); lanes resume sets it aside and saves what it can"
    case .newer(let path, let version):
      "\(path): a newer lanes wrote this journal (schema \(version)); use that version of lanes"
    case .full(let path):
      "\(path): the disk is full; free some space, then go on with lanes resume"
    case .busy(let path):
      "\(path): another process keeps the journal locked; end it, then try again"
    case .notAllowed(let path, let detail):
      "\(path): the journal cannot be opened or written: \(detail); check its owner and permissions"
    case .folder(let error): error.description
    case .unknownRun(let id):
      "the journal has no run \(id); lanes status names the latest"
    case .other(let path, let detail):
      "\(path): the journal failed: \(detail); check the disk, then go on with lanes resume"
    }
  }
}
