// Tempfail: a terminal dashboard for deferred mail.
// SPDX-License-Identifier: Apache-2.0

// What Tempfail needs of ncurses and of signals, in plain C types. curses.h is not included here:
// its globals (stdscr, LINES) and macros do not import into Swift 6.
// There is one screen in a process, and one thread, the main one, calls these functions.

#ifndef TEMPFAIL_CTERMINAL_H
#define TEMPFAIL_CTERMINAL_H

#include <stdbool.h>
#include <stdint.h>

enum tf_open_result { TF_OPENED = 0, TF_NOT_A_TERMINAL = 1, TF_UNKNOWN_TERMINAL = 2 };

// What a terminal is asked for beyond the screen itself, or-ed together: reports of the mouse, and
// that its title is kept and given back.
enum { TF_MOUSE = 1, TF_TITLE = 2 };

// Attributes of a pair, or-ed together.
enum { TF_BOLD = 1, TF_UNDERLINE = 2, TF_REVERSE = 4, TF_DIM = 8 };

// One cell: a character and up to two combining marks, 0 if absent. base 0 is the right half of
// the wide character before it.
typedef struct {
  uint32_t base;
  uint32_t mark1;
  uint32_t mark2;
  uint16_t pair;
  uint16_t attributes;
} tf_cell;

// Saves the terminal's state, installs the signal handlers, and takes the screen. Comes after
// tf_set_locale. `type` is the description to go by, NULL for that of TERM.
int tf_open(const char *type, unsigned wishes);

// Becomes readable where the terminal does not read what is written to it and the program is to end. Who asks for
// it has two minutes then to end what is in progress, and calls tf_end_stuck. -1 if there is none.
int tf_stuck_descriptor(void);

// Gives the terminal back as well as may be and ends the program, if its screen is still open.
void tf_end_stuck(void);

// Restores the terminal, the signal handlers and the alarm. Does nothing when it is not open.
void tf_close(void);

// Sets LC_CTYPE from the environment; true where the terminal takes UTF-8. A locale that asks for
// UTF-8 but is missing here, as SSH often brings along, is replaced by C.UTF-8.
bool tf_set_locale(void);

// How many colors a terminal of this type (NULL for that of TERM) has, 0 for none, without taking
// the screen; -1 if the type is not known, -2 where it cannot move its cursor.
int tf_probe(const char *type);

// How many colors the terminal has; 0 for none.
int tf_colors(void);

// Defines a pair (1 and up); -1 is the terminal's own color.
void tf_set_pair(int pair, int foreground, int background);

void tf_size(int *columns, int *rows);

// Takes the size over from the terminal after SIGWINCH.
void tf_resize(void);

void tf_draw_row(int row, const tf_cell *cells, int count);

// Sends what changed, and puts the cursor there; a negative column hides it.
void tf_show(int cursor_column, int cursor_row);

// Makes the next tf_show send everything.
void tf_repaint(void);

// Leaves the screen, stops the process group as Ctrl-Z does, and comes back.
void tf_suspend(void);

// Takes the screen again after a stop that tf_suspend did not see (SIGSTOP, then SIGCONT).
void tf_enter(void);

// Readable when a signal came: one byte a signal, its number.
int tf_signal_descriptor(void);

// Writes everything, past ncurses, and returns whether it could.
bool tf_write(const uint8_t *bytes, int count);

#endif
