// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

package import Guidance
import MailServer
import Replies

/// The fix pane's part of the state.
package struct FixView: Hashable, Sendable {
  /// Whose deferral is explained: the pane that was last in use for choosing.
  package enum Origin: Hashable, Sendable {
    case queue, log
  }

  package var origin = Origin.queue
  package var subject: DeferralSubject?
  package var guide: Guide?
  /// What the guide was made from; the subject itself may have gone on since.
  private var explained: DeferralSubject?
  private var settings: [String: String] = [:]
  /// The selected step.
  package var step = 0
  /// First line shown of the text below the steps.
  package var scroll = 0
  package var running: Set<CheckRequest> = []
  package var progress = FixProgress()
  /// Destinations of which the log is watched for the end of their trouble.
  package var awaited: [String: AwaitedRecovery] = [:]

  /// Seconds after which Exim gives up, by recipient; nil if it was asked and is not known.
  var lifetimes: [String: Int64?] = [:]
  /// The ways that the MTA's settings give mail; nil if they were requested and are not known.
  var routes: [MailWay: Route?] = [:]
  /// The mail whose fix was shown at the last tick.
  var restingOn: MailWay?
  /// The steps whose acts are in progress, by the number of their request.
  var acting: [Int: FixProgress.StepID] = [:]
  /// The step whose test message is in progress.
  package var testing: FixProgress.StepID?

  package init() {}

  /// Under which what is done in the fix is kept: as long as its plan stands, whatever happens to the
  /// message.
  var name: String? { explained?.fixName }

  package var selectedStep: Step? {
    guard let guide, guide.steps.indices.contains(step) else { return nil }
    return guide.steps[step]
  }

  /// Explains another deferral; the results of checks are kept, since they are of domains.
  ///
  /// While the fix is in use its plan stands still: what a step changes, or what the log brings, must
  /// not put another step under the key.
  mutating func explain(
    _ subject: DeferralSubject?, isInUse: Bool, settings: [String: String]
  ) {
    if settings != self.settings {
      self.settings = settings
      renew()
    }
    guard subject != self.subject else { return }
    let isSameMessage = subject?.queueID == self.subject?.queueID
    if isInUse, guide != nil {
      if isSameMessage, let subject { self.subject = subject }
      return
    }
    let isSameCase =
      isSameMessage && subject?.classification.cause == self.subject?.classification.cause
    self.subject = subject
    explained = subject
    guide = subject.map { Guide(for: $0, present: settings) }
    if !isSameCase {
      step = 0
      scroll = 0
    }
    step = min(step, max(0, (guide?.steps.count ?? 0) - 1))
  }

  /// Takes in which way the mail of the fix goes: its plan asks the server that is used.
  mutating func learn(_ route: Route?, of way: MailWay) {
    routes[way] = .some(route)
    guard let route, let explained, explained.way == way else { return }
    self.explained = explained.taking(route)
    if self.explained != explained { renew() }
  }

  /// Makes the same plan with the settings that were read since; the step that is selected stays.
  private mutating func renew() {
    guard let explained else { return }
    let selected = selectedStep?.id
    let new = Guide(for: explained, present: settings)
    guide = new
    step = new.steps.firstIndex { $0.id == selected } ?? min(step, max(0, new.steps.count - 1))
  }
}

/// The end of a destination's trouble, which somebody requested and which had not come.
package struct AwaitedRecovery: Hashable, Sendable {
  /// Seconds between two questions.
  static let pause: Int64 = 15

  /// When nobody waits for it anymore.
  var until: Int64
  /// Whether something was delivered in the meantime.
  var isDelivering = false
  /// When it was asked last because of that.
  var asked: Int64?
}
