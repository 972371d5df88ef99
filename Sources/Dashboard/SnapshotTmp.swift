import MailServer

extension QueueSnapshot {
  func message(id: String) -> QueuedMessage? { nil }
}
