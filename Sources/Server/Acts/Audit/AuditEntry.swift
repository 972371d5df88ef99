// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import Bytes
package import MailServer

/// Who acts, and where.
package struct Actor: Hashable, Sendable {
  package var user: String
  /// Who called sudo (`SUDO_USER`), if anyone.
  package var sudoUser: String?
  /// Where the SSH session comes from (`SSH_CONNECTION`), if it is one.
  package var sshConnection: String?
  /// The server's name.
  package var host: String
  /// The process that acts.
  package var process: ProcessIdentity

  package init(
    user: String, host: String, environment: [String: String],
    process: ProcessIdentity = .current
  ) {
    self.user = user
    self.host = host
    self.process = process
    sudoUser = environment["SUDO_USER"]
    sshConnection = environment["SSH_CONNECTION"]
  }
}

/// What is about to be done, as it is written before the act.
package struct AuditIntent: Hashable, Sendable {
  /// Unique in the trail; the outcome names it.
  package var entry: String
  /// Seconds since 1970.
  package var time: Int64
  package var actor: Actor
  package var mta: MTA
  /// The folder of the queue, which distinguishes instances of an MTA; nil in old entries.
  package var instance: String?
  /// An `Act`, or `restore`.
  package var act: String
  /// The command, as people write it.
  package var command: String
  package var messages: [Message]

  package struct Message: Hashable, Sendable {
    package var id: String
    /// Seconds since 1970.
    package var arrived: Int64?
    package var sender: String
    package var recipients: [String]
    /// Of a restore: the copy that it came from.
    package var copy: String?

    package init(id: String, arrived: Int64?, sender: String, recipients: [String]) {
      self.id = id
      self.arrived = arrived
      self.sender = sender
      self.recipients = recipients
    }
  }

  package var json: JSON {
    [
      "kind": "intent", "entry": .string(entry), "time": .integer(time),
      "user": .string(actor.user), "sudoUser": .string(orNull: actor.sudoUser),
      "sshConnection": .string(orNull: actor.sshConnection), "host": .string(actor.host),
      "pid": .integer(Int64(actor.process.number)),
      "started": .integer(Int64(clamping: actor.process.started)),
      "mta": .string(mta.rawValue), "instance": .string(orNull: instance), "act": .string(act),
      "command": .string(command),
      "messages": .array(
        messages.map {
          [
            "id": .string($0.id), "arrived": .integer(orNull: $0.arrived),
            "sender": .string($0.sender), "recipients": .array($0.recipients.map(JSON.string)),
            "copy": .string(orNull: $0.copy),
          ]
        }),
    ]
  }

  init?(_ json: JSON) {
    guard json["kind"]?.text == "intent", let entry = json["entry"]?.text,
      let time = json["time"]?.integer, let mta = MTA(rawValue: json["mta"]?.text ?? ""),
      let act = json["act"]?.text
    else { return nil }
    self.entry = entry
    self.time = time
    self.mta = mta
    self.act = act
    instance = json["instance"]?.text
    command = json["command"]?.text ?? ""
    var environment: [String: String] = [:]
    environment["SUDO_USER"] = json["sudoUser"]?.text
    environment["SSH_CONNECTION"] = json["sshConnection"]?.text
    actor = Actor(
      user: json["user"]?.text ?? "", host: json["host"]?.text ?? "", environment: environment,
      process: ProcessIdentity(
        number: Int32(clamping: json["pid"]?.integer ?? 0),
        started: UInt64(clamping: json["started"]?.integer ?? 0)))
    messages = (json["messages"]?.elements ?? []).map {
      var message = Message(
        id: $0["id"]?.text ?? "", arrived: $0["arrived"]?.integer, sender: $0["sender"]?.text ?? "",
        recipients: ($0["recipients"]?.elements ?? []).compactMap(\.text))
      message.copy = $0["copy"]?.text
      return message
    }
  }

  package init(
    entry: String, time: Int64, actor: Actor, mta: MTA, instance: String? = nil, act: String,
    command: String, messages: [Message]
  ) {
    self.instance = instance
    self.entry = entry
    self.time = time
    self.actor = actor
    self.mta = mta
    self.act = act
    self.command = command
    self.messages = messages
  }
}

/// The result of an intent, as it is written after the act.
package struct AuditOutcome: Hashable, Sendable {
  package var entry: String
  /// Seconds since 1970.
  package var time: Int64
  package var results: [Result]

  package struct Result: Hashable, Sendable {
    package var id: String
    /// The word for an `ActResult`: `done`, `gone`, ….
    package var result: String
    /// The reason, where there is one.
    package var note: String?

    package init(id: String, result: String, note: String? = nil) {
      self.id = id
      self.result = result
      self.note = note
    }
  }

  package init(entry: String, time: Int64, results: [Result]) {
    self.entry = entry
    self.time = time
    self.results = results
  }

  package var json: JSON {
    [
      "kind": "outcome", "entry": .string(entry), "time": .integer(time),
      "results": .array(
        results.map {
          ["id": .string($0.id), "result": .string($0.result), "note": .string(orNull: $0.note)]
        }),
    ]
  }

  init?(_ json: JSON) {
    guard json["kind"]?.text == "outcome", let entry = json["entry"]?.text,
      let time = json["time"]?.integer
    else { return nil }
    self.entry = entry
    self.time = time
    results = (json["results"]?.elements ?? []).map {
      Result(
        id: $0["id"]?.text ?? "", result: $0["result"]?.text ?? "", note: $0["note"]?.text)
    }
  }
}

extension ActResult {
  /// The result in one word, and its reason.
  package var record: (result: String, note: String?) {
    switch self {
    case .done: ("done", nil)
    case .unchanged(let why): ("unchanged", why)
    case .gone: ("gone", nil)
    case .changed: ("changed", "the ID is now a different message")
    case .locked: ("locked", "it is being delivered")
    case .notPermitted(let why): ("notPermitted", why)
    case .failed(let why): ("failed", why)
    }
  }
}
