/// Scripts that take the place of coding agents.
///
/// They print what the real programs print, in the shapes that their vendors document and their sources
/// and issues show: Claude Code 2.1 (`claude -p --output-format stream-json --verbose`), Codex 0.153
/// (`codex exec --json`) and Gemini CLI 0.56 (`gemini -o stream-json`). The values are invented. Each
/// meets a usage limit of two seconds the first time; for task 3 it waits in the middle for the file `go`.
enum StandInAgents {
  static let scripts = ["claude": claude, "codex": codex, "gemini": gemini]

  private static let start = """
    #!/bin/sh
    printf '%s\\n' "$*" >>args
    cat >/dev/null
    pause() { while [ $LANES_TASK_ID = 3 ] && [ ! -e go ]; do sleep 0.05; done; }

    """

  private static let claude =
    start + """
      echo '{"type":"result","subtype":"success","is_error":true,"result":"what a command printed"}' >&2
      echo '[SandboxDebug] Seccomp filtering not available'
      cat <<'END'
      {"type":"system","subtype":"hook_started","session_id":"s1"}
      {"type":"system","subtype":"init","session_id":"s1","cwd":"/p","model":"m","tools":["Edit"],"permissionMode":"acceptEdits","claude_code_version":"2.1.240"}
      END
      if mkdir limited 2>/dev/null; then
        printf '{"type":"rate_limit_event","session_id":"s1","rate_limit_info":{"status":"rejected","resetsAt":%s,"rateLimitType":"five_hour"}}\\n' $(($(date +%s) + 2))
        cat <<'END'
      {"type":"assistant","session_id":"s1","message":{"id":"m0","model":"<synthetic>","content":[{"type":"text","text":"You've hit your session limit · resets 11pm (Area/City)"}]},"error":"rate_limit","is_api_error_message":true}
      {"is_error":true,"api_error_status":429,"num_turns":1,"result":"You've hit your session limit · resets 11pm (Area/City)","session_id":"s1","total_cost_usd":0,"usage":{},"subtype":"success","type":"result"}
      END
        exit 1
      fi
      cat <<'END'
      {"type":"assistant","session_id":"s1","parent_tool_use_id":null,"message":{"id":"m1","usage":{"input_tokens":9,"output_tokens":1},"content":[{"type":"tool_use","id":"t1","name":"Edit","input":{"file_path":"/p/a.swift"}}]}}
      {"type":"assistant","session_id":"s1","message":{"id":"m3","content":[{"type":"tool_use","id":"t3","name":"TodoWrite","input":{"todos":[{"content":"a","status":"completed","activeForm":"A"},{"content":"b","status":"in_progress","activeForm":"Doing b"}]}}]}}
      END
      pause
      cat <<'END'
      {"type":"assistant","message":{"id":"m4","content":[{"type":"text","text":"All is done."}]}}
      {"subtype":"success","is_error":false,"duration_ms":9,"num_turns":2,"result":"All is done.","session_id":"s1","total_cost_usd":0.25,"usage":{"input_tokens":300,"cache_read_input_tokens":600,"output_tokens":40},"type":"result"}
      {"type":"prompt_suggestion"}
      END
      """

  private static let codex =
    start + """
      echo 'Reading prompt from stdin...' >&2
      echo '{"type":"thread.started","thread_id":"s1"}'
      echo '{"type":"turn.started"}'
      if mkdir limited 2>/dev/null; then
        cat <<'END'
      {"type":"error","message":"You've hit your usage limit. Try again in 2 seconds."}
      {"type":"turn.failed","error":{"message":"You've hit your usage limit. Try again in 2 seconds."}}
      END
        exit 1
      fi
      cat <<'END'
      {"type":"item.completed","item":{"id":"item_1","type":"file_change","changes":[{"path":"a.swift","kind":"update"}],"status":"completed"}}
      {"type":"error","message":"Reconnecting... 2/5 (stream disconnected before completion)"}
      {"type":"item.updated","item":{"id":"item_2","type":"todo_list","items":[{"text":"a","completed":true},{"text":"Doing b","completed":false}]}}
      END
      pause
      cat <<'END'
      {"type":"item.completed","item":{"id":"item_3","type":"agent_message","text":"All is done."}}
      {"type":"turn.completed","usage":{"input_tokens":900,"cached_input_tokens":600,"output_tokens":40,"reasoning_output_tokens":10}}
      END
      """

  private static let gemini =
    start + """
      echo 'Loaded cached credentials.' >&2
      echo '{"type":"init","timestamp":"2026-01-01T00:00:00Z","session_id":"s1","model":"gemini-x"}'
      echo '{"type":"message","role":"user","content":"PROMPT"}'
      if mkdir limited 2>/dev/null; then
        echo 'Attempt 1 failed: quota. Retrying after 617ms...' >&2
        echo '{"type":"result","status":"error","error":{"type":"TerminalQuotaError","message":"You have exhausted your capacity on this model. Your quota will reset after 2s."},"stats":{"duration_ms":0}}'
        exit 173
      fi
      cat <<'END'
      {"type":"tool_use","tool_name":"write_todos","tool_id":"t2","parameters":{"todos":[{"description":"a","status":"completed"},{"description":"b","status":"pending"},{"description":"c","status":"cancelled"}]}}
      {"type":"message","role":"assistant","content":"Doi","delta":true}
      {"type":"message","role":"assistant","content":"ng b","delta":true}
      END
      pause
      cat <<'END'
      {"type":"tool_use","tool_name":"write_file","tool_id":"t1","parameters":{"file_path":"/p/a"}}
      {"type":"tool_result","tool_id":"t1","status":"success"}
      {"type":"message","role":"assistant","content":"All is ","delta":true}
      {"type":"message","role":"assistant","content":"done.","delta":true}
      {"type":"result","status":"success","stats":{"total_tokens":940,"input_tokens":900,"output_tokens":40,"cached":600,"duration_ms":7,"tool_calls":1}}
      END
      """
}
