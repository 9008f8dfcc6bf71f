// Macros and globals of curses that Swift cannot import get a name here; state stays out of the header.
#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <term.h>

// The number of colours of the terminal that setupterm found.
static inline int lanes_colors(void) { return tigetnum("colors"); }

static inline void lanes_forget_terminal(void) { del_curterm(cur_term); }
