// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import MailServer

/// What the queue pane is to show: asked on the main thread, answered on another, as it takes time that grows with the
/// queue.
package struct ArrangeJob: Sendable {
  package let snapshot: QueueSnapshot
  package let query: QueueQuery
  fileprivate let shown: QueueSnapshot?
  fileprivate let marks: QueueMarks

  /// The answer, or nil if it was no longer wanted.
  ///
  /// - Parameter isWanted: is asked now and then, by several threads.
  package func answer(while isWanted: @Sendable () -> Bool = { true }) -> ArrangedQueue? {
    guard let arrangement = snapshot.arranged(by: query, while: isWanted) else { return nil }
    let moved = shown.map { marks.moved(from: $0, to: snapshot) } ?? marks
    return ArrangedQueue(
      snapshot: snapshot, arrangement: arrangement, marks: moved,
      hiddenMarks: moved.count - moved.count(in: arrangement.rows))
  }
}

/// The answer to `Effect.arrange`.
package struct ArrangedQueue: Sendable {
  package let snapshot: QueueSnapshot
  package let arrangement: QueueArrangement
  /// The marks, as they were when it was asked, on the rows of this snapshot.
  let marks: QueueMarks
  /// Of these, those that are not among the arrangement's rows.
  let hiddenMarks: Int
}

extension QueueView {
  /// The question how the newest snapshot is to be shown; nil if there is none yet.
  package func job(by query: QueueQuery) -> ArrangeJob? {
    latest.map { ArrangeJob(snapshot: $0, query: query, shown: snapshot, marks: marks) }
  }
}
