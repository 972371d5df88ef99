// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

import Configuration
import Dashboard
import MailServer
import Server

extension State.Setup {
  /// What the configuration says of the dashboard, the terminal aside.
  init(_ host: any Host, _ settings: EffectiveSettings, isDemo: Bool, canOperate: Bool) {
    self.init()
    mode = canOperate ? .operate : .watch
    self.isDemo = isDemo
    zone = host.zone
    readOnlyReason = settings.configuration.readOnlyReason
    query = QueueQuery(settings.configuration)
    let columns = settings.configuration.queueColumns.compactMap(
      QueueQuery.Column.init(rawValue:))
    hiddenColumns = columns.isEmpty ? [] : Set(QueueQuery.Column.allCases).subtracting(columns)
    isHeatMap = settings.configuration.showsHeatMap
    keymap = settings.keymap
    filters = settings.filters
    ringsBell = settings.configuration.ringsBell
    setsTitle = settings.configuration.setsTitle
  }
}
