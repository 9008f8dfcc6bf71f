/// A plan as an Argo Workflow: one template a task, and a graph that orders them.
struct ArgoWorkflow {
  private let plan: ExportedPlan
  private let names: [String]

  init(_ plan: ExportedPlan) {
    self.plan = plan
    var taken: Set<String> = ["plan"]
    names = plan.plan.tasks.enumerated().map { index, task in
      var name = "task-" + ExportNames.plain(task.id)
      if !taken.insert(name).inserted { name += "-n\(index + 1)" }
      taken.insert(name)
      return name
    }
  }

  var text: String {
    var yaml = YAMLWriter()
    yaml.line("apiVersion", plain: "argoproj.io/v1alpha1")
    yaml.line("kind", plain: "Workflow")
    yaml.map("metadata") { $0.line("generateName", plain: "lanes-") }
    yaml.map("spec") { yaml in
      yaml.line("entrypoint", plain: "plan")
      yaml.line("parallelism", plain: String(plan.options.jobs))
      yaml.map("volumeClaimTemplates") { yaml in
        yaml.item("metadata") { $0.line("name", plain: "workspace") }
        yaml.indented { yaml in
          yaml.map("spec") { yaml in
            yaml.line("accessModes", plain: "[ReadWriteMany]")
            yaml.map("resources") { yaml in
              yaml.map("requests") { $0.line("storage", plain: "1Gi") }
            }
          }
        }
      }
      yaml.map("templates") { yaml in
        graph(&yaml)
        for index in plan.plan.tasks.indices { template(index, &yaml) }
      }
    }
    return plan.heading(
      "Hand it in with: argo submit THIS-FILE. Set the image and fill the volume workspace.")
      + yaml.text
  }

  private func graph(_ yaml: inout YAMLWriter) {
    yaml.item("name", plain: "plan")
    yaml.indented { yaml in
      yaml.map("dag") { yaml in
        yaml.line("failFast", plain: plan.options.onFailure == .keepGoing ? "false" : "true")
        yaml.map("tasks") { yaml in
          for index in plan.plan.graph.levels.joined() {
            yaml.item("name", plain: names[index])
            yaml.indented { yaml in
              yaml.line("template", plain: names[index])
              let needs = plan.needs(of: index).map { names[$0] }
              if !needs.isEmpty {
                yaml.line("dependencies", plain: "[\(needs.joined(separator: ", "))]")
              }
            }
          }
        }
      }
    }
  }

  private func template(_ index: Int, _ yaml: inout YAMLWriter) {
    yaml.item("name", plain: names[index])
    yaml.indented { yaml in
      if plan.options.attempts > 1 {
        yaml.map("retryStrategy") { yaml in
          yaml.line("limit", quoted: String(plan.options.attempts - 1))
          yaml.line("retryPolicy", plain: "Always")
          yaml.map("backoff") { yaml in
            yaml.line(
              "duration", quoted: "\(max(1, plan.options.backoff.microseconds / 1_000_000))s")
            yaml.line("factor", quoted: "2")
          }
        }
      }
      if let timeout = plan.options.timeout {
        yaml.line(
          "activeDeadlineSeconds", plain: String(max(1, timeout.microseconds / 1_000_000)))
      }
      container(index, &yaml)
    }
  }

  private func container(_ index: Int, _ yaml: inout YAMLWriter) {
    yaml.map("container") { yaml in
      yaml.line("image", plain: "debian:12")
      yaml.line("workingDir", plain: "/workspace")
      yaml.line("command", plain: "[sh, -c]")
      yaml.map("args") { $0.item(quoted: script) }
      yaml.map("env") { yaml in
        for (name, value) in variables(of: index) {
          yaml.item("name", quoted: name)
          yaml.indented { $0.line("value", quoted: value) }
        }
      }
      yaml.map("volumeMounts") { yaml in
        yaml.item("name", plain: "workspace")
        yaml.indented { $0.line("mountPath", plain: "/workspace") }
      }
    }
  }

  /// The prompt and the command come as variables in base 64: Argo would take `{{…}}` in a text for a
  /// place to fill in.
  private var script: String {
    """
    LANES_PROMPT_FILE=$(mktemp); export LANES_PROMPT_FILE
    printf %s "$LANES_PROMPT_BASE64" | base64 -d > "$LANES_PROMPT_FILE"
    LANES_TASK_TITLE=$(printf %s "$LANES_TITLE_BASE64" | base64 -d); export LANES_TASK_TITLE
    LANES_TASK_ID=$(printf %s "$LANES_ID_BASE64" | base64 -d); export LANES_TASK_ID
    exec sh -c "$(printf %s "$LANES_COMMAND_BASE64" | base64 -d)" < "$LANES_PROMPT_FILE"
    """
  }

  private func variables(of index: Int) -> [(name: String, value: String)] {
    let task = plan.plan.tasks[index]
    let coded = ["LANES_TASK_ID", "LANES_TASK_TITLE"]
    let plain = plan.variables(of: index).filter {
      !coded.contains($0.name) && !$0.value.contains("{{") && !$0.name.contains("{{")
    }
    return plain + [
      ("LANES_ID_BASE64", Base64.text(task.id.text)),
      ("LANES_TITLE_BASE64", Base64.text(task.title)),
      ("LANES_PROMPT_BASE64", Base64.text(plan.prompt(of: index))),
      ("LANES_COMMAND_BASE64", Base64.text(plan.command(of: index))),
    ]
  }
}

/// Base 64, by RFC 4648 §4.
enum Base64 {
  static func text(_ text: String) -> String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    let bytes = Array(text.utf8)
    var result: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let part = bytes[start..<min(start + 3, bytes.count)]
      var group = part.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      group <<= UInt32(8 * (3 - part.count))
      for place in 0..<4 {
        let isFilling = place > part.count
        let digit = digits[Int(group >> UInt32(18 - 6 * place) & 63)]
        result.append(isFilling ? UInt8(ascii: "=") : digit)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}
