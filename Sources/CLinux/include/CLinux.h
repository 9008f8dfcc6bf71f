// System calls of Linux that the Glibc module does not import.
#ifndef LANES_CLINUX_H
#define LANES_CLINUX_H

#include <stdint.h>
#include <sys/types.h>

/// Opens a descriptor that becomes readable when process `pid` ends; -1 and errno on error.
int lanes_pidfd_open(pid_t pid);

#endif
