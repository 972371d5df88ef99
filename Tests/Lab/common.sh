# Tempfail: a terminal dashboard for deferred mail.
# SPDX-License-Identifier: Apache-2.0
#
# What the lab's scripts agree on; sourced by each of them.
lab=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
packages=${TEMPFAIL_LAB_PACKAGES:-/var/cache/tempfail-lab}
running=/run/${TEMPFAIL_LAB_NAME:-tempfail-lab}.pid   # several rooms may be open, by name
room=/run/tempfail-lab   # inside the room: logs, pid files and the peers' behaviour

export PATH=/usr/local/sbin:/usr/sbin:/sbin:$PATH

fail() {
  echo "tempfail-lab: $*" >&2
  exit 1
}
[ "$(id -u)" = 0 ] || fail "${0##*/} must run as root"

# The process that is PID 1 of the running room, as the machine numbers it.
keeper() {
  local pid
  [ -s "$running" ] && read -r pid < "$running" &&
    grep -qsz 'Tests/Lab/room$' "/proc/$pid/cmdline" && echo "$pid"
}
