/// The JSON form of what a run and its tasks ask of a cluster, for a run's manifest.
extension SlurmOptions {
  func encodeFields(into json: inout JSONWriter) {
    if self == SlurmOptions() { return }
    json.key("slurm")
    json.object { json in
      if let partition { json.field("partition", partition) }
      if let account { json.field("account", account) }
      if let qos { json.field("qos", qos) }
      if let options { json.field("options", options) }
      if !licenses.isEmpty { json.field("licenses", ListText.text(of: licenses)) }
      if !partitions.isEmpty { json.field("partitions", ListText.text(of: partitions)) }
    }
  }

  init(fields json: JSONNode) {
    self.init()
    let slurm = json["slurm"]
    partition = slurm?["partition"]?.string
    account = slurm?["account"]?.string
    qos = slurm?["qos"]?.string
    options = slurm?["options"]?.string
    licenses = slurm?["licenses"]?.string.map { ListText.parts(of: $0) } ?? []
    partitions = slurm?["partitions"]?.string.map { ListText.parts(of: $0) } ?? []
  }
}

extension TaskResources {
  func encodeField(into json: inout JSONWriter) {
    if isEmpty { return }
    json.key("resources")
    json.object { json in
      if let cpus { json.field("cpus", cpus) }
      if let memory { json.field("memory", memory) }
      if let gpus { json.field("gpus", gpus) }
      if let partition { json.field("partition", partition) }
      if let licenses { json.field("licenses", licenses) }
    }
  }

  init(fields json: JSONNode?) {
    self.init(
      cpus: json?["cpus"]?.integer, memory: json?["memory"]?.integer, gpus: json?["gpus"]?.integer,
      partition: json?["partition"]?.string, licenses: json?["licenses"]?.string)
  }
}
