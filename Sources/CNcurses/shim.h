// Macros and globals of curses that Swift cannot import get a name here; state stays out of the header.
#define NCURSES_WIDECHAR 1
#include <curses.h>
#include <term.h>
