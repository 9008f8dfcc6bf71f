// Macros and globals of curses that Swift cannot import get a name here; state stays out of the header.
#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <term.h>
#include <wchar.h>

// The number of colours of the terminal that setupterm or newterm found.
static inline int lanes_colors(void) { return tigetnum("colors"); }

static inline void lanes_forget_terminal(void) { del_curterm(cur_term); }

static inline WINDOW *lanes_window(void) { return stdscr; }
static inline WINDOW *lanes_shown(void) { return curscr; }

static const attr_t lanes_bold = A_BOLD, lanes_dim = A_DIM, lanes_italic = A_ITALIC;
static const attr_t lanes_underline = A_UNDERLINE, lanes_reverse = A_REVERSE;

// A text capability; NULL when the terminal lacks it, and for one that is cancelled.
static inline const char *lanes_capability(const char *name) {
  const char *text = tigetstr(name);
  return text == (const char *)-1 ? NULL : text;
}

static inline int lanes_flag(const char *name) { return tigetflag(name) > 0; }

// The columns that curses counts for a character; -1 for one it does not print.
static inline int lanes_width(wchar_t character) { return wcwidth(character); }

// Draws one character with what combines with it; pairs may be above 255.
static inline int lanes_put(int row, int column, const wchar_t *text, attr_t attributes, int pair) {
  cchar_t cell;
  if (setcchar(&cell, text, attributes, 0, &pair) != OK) return ERR;
  return mvadd_wch(row, column, &cell);
}
