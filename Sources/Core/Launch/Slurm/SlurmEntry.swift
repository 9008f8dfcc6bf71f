extension SlurmQueue {
  package enum Stage: Equatable, Sendable {
    /// To be submitted.
    case waiting
    case submitting
    /// A submission failed in a way that does not tell whether there is a job.
    case unsure
    /// An earlier runner submitted it, or was about to.
    case sought
    case queued
    case began
  }

  /// Something to have Slurm do.
  package enum Order: Equatable, Sendable {
    case submit(AttemptKey)
    /// Sends a signal to all processes of a job.
    case signal(SlurmJobID, TaskSignal)
    /// Takes a job out of the queue or ends it.
    case cancel(SlurmJobID)
    case suspend(SlurmJobID)
    case resume(SlurmJobID)
    case hold(SlurmJobID)
    case release(SlurmJobID)
  }

  struct Entry {
    var name: String
    var stage: Stage
    var job: SlurmJobID?
    /// The poll that was the latest to begin when the job came into the queue.
    var poll = 0
    /// How many polls in a row said that there is something wrong with it.
    var doubts = 0
    /// It was told to end.
    var isEnding = false
    var isPaused = false
    /// Slurm refused to suspend it, so its processes were stopped by a signal.
    var isStopped = false

    /// The job, where it can be told something.
    var jobInSlurm: SlurmJobID? {
      switch stage {
      case .queued, .began: job
      case .waiting, .submitting, .unsure, .sought: nil
      }
    }
  }
}
