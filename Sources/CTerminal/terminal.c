// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

#define _GNU_SOURCE
#define NCURSES_WIDECHAR 1

#include "cterminal.h"

#include <curses.h>
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include "signals.h"

// Bracketed paste: pasted text comes between ESC [200~ and ESC [201~ and is never taken for keys.
#define PASTE_ON "\033[?2004h"
#define PASTE_OFF "\033[?2004l"

// Columns stay where they are put: terminals that turn right-to-left text around on their own would
// do so across columns (BDSM of "BiDi in Terminal Emulators"; that they do so is their usual state).
#define TURNING_OFF "\033[8l"
#define TURNING_ON "\033[8h"

// Presses and the wheel, in the form of SGR (xterm's ctlseqs): numbers of any size, and an end.
#define MOUSE_ON "\033[?1000h\033[?1006h"
#define MOUSE_OFF "\033[?1006l\033[?1000l"

// The title goes to the terminal's stack of titles and comes back from there.
#define TITLE_KEEP "\033[22;0t"
#define TITLE_BACK "\033[23;0t"

static SCREEN *screen;
static bool shown;
static bool own_colors;
static bool cursor_shown;
static unsigned wishes;

bool tf_set_locale(void) {
  bool named = setlocale(LC_CTYPE, "") != NULL;
  if (named && strcmp(nl_langinfo(CODESET), "UTF-8") == 0) return true;
  const char *names[] = {getenv("LC_ALL"), getenv("LC_CTYPE"), getenv("LANG")};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (names[i] == NULL || *names[i] == '\0') continue;
    bool asks = strcasestr(names[i], "UTF-8") != NULL || strcasestr(names[i], "UTF8") != NULL;
    if (asks && setlocale(LC_CTYPE, "C.UTF-8") != NULL) return true;
    break;  // the first one that is set decides, as in setlocale(3)
  }
  return false;
}

static void say(const char *text) { tf_write((const uint8_t *)text, (int)strlen(text)); }

static void modes_on(void) {
  say(PASTE_ON TURNING_OFF);
  if (wishes & TF_MOUSE) say(MOUSE_ON);
}

static const char *modes_off(void) {
  static char text[64];
  strcpy(text, PASTE_OFF TURNING_ON);
  if (wishes & TF_MOUSE) strcat(text, MOUSE_OFF);
  if (wishes & TF_TITLE) strcat(text, TITLE_BACK);
  return text;
}

static char *sequence_end;
static char *sequence_limit;

static int append(int c) {
  if (sequence_end < sequence_limit) *sequence_end++ = (char)c;
  return c;
}

// What puts the terminal right without ncurses: attributes off, cursor on, no alternate screen.
static void prepare_rescue(void) {
  static char bytes[256];
  const char *names[] = {"sgr0", "cnorm", "rmcup"};
  sequence_end = bytes;
  const char *off = modes_off();
  size_t count = strlen(off);
  sequence_limit = bytes + sizeof bytes - count;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    char *value = tigetstr((char *)names[i]);
    if (value != NULL && value != (char *)-1) tputs(value, 1, append);
  }
  memcpy(sequence_end, off, count);
  sequence_end += count;
  tf_signals_rescue_with(bytes, (size_t)(sequence_end - bytes));
}

int tf_open(const char *type, unsigned wanted) {
  if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) return TF_NOT_A_TERMINAL;
  tf_signals_install();
  // newterm, not initscr: that one ends the process when it does not know the terminal.
  screen = newterm((char *)type, stdout, stdin);
  char *address = screen == NULL ? NULL : tigetstr("cup");
  if (address == NULL || address == (char *)-1) {
    tf_close();
    return TF_UNKNOWN_TERMINAL;
  }
  wishes = wanted;
  prepare_rescue();
  raw();  // Ctrl-C, Ctrl-Z, Ctrl-S and Ctrl-Q are keys
  noecho();
  nonl();
  typeahead(-1);  // ncurses does not read the keys, so it must not look for them either
  scrollok(stdscr, FALSE);
  shown = true;
  if (has_colors()) {
    start_color();
    own_colors = use_default_colors() == OK;
  }
  curs_set(0);
  cursor_shown = false;
  if (wishes & TF_TITLE) say(TITLE_KEEP);
  modes_on();
  return TF_OPENED;
}

// Where there is no second screen the shell goes on in the last row: it must not write over ours.
static void free_last_row(void) {
  char *leave = tigetstr("rmcup");
  if (leave != NULL && leave != (char *)-1) return;
  attrset(A_NORMAL);
  move(LINES - 1, 0);
  clrtoeol();
  wnoutrefresh(stdscr);
  doupdate();
}

void tf_close(void) {
  if (shown) {
    free_last_row();
    say(modes_off());
    curs_set(1);
  }
  shown = false;
  if (screen != NULL) {
    endwin();
    delscreen(screen);
  }
  screen = NULL;
  tf_signals_restore();
}

int tf_probe(const char *type) {
  int error;
  // 1 is a terminal on paper: known, and of no use.
  if (setupterm((char *)type, STDOUT_FILENO, &error) != OK) return error == 1 ? -2 : -1;
  char *address = tigetstr("cup");
  bool moves = address != NULL && address != (char *)-1;
  int colors = tigetnum("colors");
  del_curterm(cur_term);
  if (!moves) return -2;
  return colors < 0 ? 0 : colors;
}

int tf_colors(void) { return has_colors() ? COLORS : 0; }

void tf_set_pair(int pair, int foreground, int background) {
  if (!has_colors() || pair >= COLOR_PAIRS) return;
  // Without default colors the usual white on black stands for them.
  if (!own_colors && foreground < 0) foreground = COLOR_WHITE;
  if (!own_colors && background < 0) background = COLOR_BLACK;
  init_extended_pair(pair, foreground, background);
}

// term.h defines `columns` and `lines` as macros.
void tf_size(int *width, int *height) { getmaxyx(stdscr, *height, *width); }

void tf_resize(void) {
  struct winsize size;
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0)
    resizeterm(size.ws_row, size.ws_col);
}

static attr_t attributes_of(const tf_cell *cell) {
  attr_t attributes = A_NORMAL;
  if (cell->attributes & TF_BOLD) attributes |= A_BOLD;
  if (cell->attributes & TF_UNDERLINE) attributes |= A_UNDERLINE;
  if (cell->attributes & TF_REVERSE) attributes |= A_REVERSE;
  if (cell->attributes & TF_DIM) attributes |= A_DIM;
  return attributes;
}

void tf_draw_row(int row, const tf_cell *cells, int count) {
  int width, height;
  tf_size(&width, &height);
  if (row < 0 || row >= height) return;
  cchar_t drawn[width];
  int used = 0;
  for (int i = 0; i < count && i < width; i++) {
    if (cells[i].base == 0) continue;
    bool wide = i + 1 < count && cells[i + 1].base == 0;
    wchar_t text[4] = {(wchar_t)cells[i].base, (wchar_t)cells[i].mark1, (wchar_t)cells[i].mark2, 0};
    // The C library may be older than the text: what it measures otherwise would shift the row.
    bool known = wcwidth(text[0]) == (wide ? 2 : 1) && (!wide || i + 1 < width);
    if (!known) wcscpy(text, L"?");
    int pair = cells[i].pair;
    attr_t attributes = attributes_of(&cells[i]);
    if (setcchar(&drawn[used], text, attributes, 0, &pair) == ERR)
      setcchar(&drawn[used], L"?", attributes, 0, &pair);
    used++;
    if (wide && !known && i + 1 < width) setcchar(&drawn[used++], L" ", attributes, 0, &pair);
  }
  if (used > 0) mvadd_wchnstr(row, 0, drawn, used);
}

void tf_show(int cursor_column, int cursor_row) {
  bool visible = cursor_column >= 0;
  if (visible != cursor_shown) curs_set(visible);
  cursor_shown = visible;
  if (visible) move(cursor_row, cursor_column);
  leaveok(stdscr, !visible);
  wnoutrefresh(stdscr);
  doupdate();
}

void tf_repaint(void) { clearok(curscr, TRUE); }

void tf_enter(void) {
  reset_prog_mode();
  modes_on();
  tf_resize();
  tf_repaint();
  wnoutrefresh(stdscr);
  doupdate();  // after endwin this also enters the alternate screen
  curs_set(cursor_shown);
}

void tf_suspend(void) {
  free_last_row();
  say(modes_off());
  curs_set(1);
  endwin();
  tf_signals_stop();
  if (wishes & TF_TITLE) say(TITLE_KEEP);
  tf_enter();
}

bool tf_write(const uint8_t *bytes, int count) {
  fflush(stdout);
  while (count > 0) {
    ssize_t written = write(STDOUT_FILENO, bytes, (size_t)count);
    if (written < 0) {
      if (errno == EINTR) continue;
      return false;
    }
    bytes += written;
    count -= (int)written;
  }
  return true;
}
