#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <ucontext.h>
#include <unistd.h>

enum { PAGE = 4096 };
#define RW (PROT_READ | PROT_WRITE)
#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)

static const char *said(long r) { static char text[32]; if (r != -1) { sprintf(text, "%ld", r); return text; } return strerrorname_np(errno); }
static const char *placed(void *p, char *base) { static char text[32]; if (p != MAP_FAILED) { sprintf(text, "base%+ld", (long)((char *)p - base)); return text; } return strerrorname_np(errno); }

/* What a call answers, and where a mapping went: one line each. */
#define SHOW(call) printf("%-64s %s\n", #call, said((long)(call)))
#define MAPS(call) printf("%-64s %s\n", #call, (call) == MAP_FAILED ? strerrorname_np(errno) : "mapped")
#define PLACE(call) printf("%-64s %s\n", #call, placed(call, base))

static char *pages(int count, int prot) { char *p = mmap(0, (size_t)count * PAGE, prot, ANON, -1, 0); if (p == MAP_FAILED) exit(9); return p; }

/* Two pages of which the second is gone: what a copy may not reach. */
static char *edge(void) { char *p = pages(2, RW); munmap(p + PAGE, PAGE); return p + PAGE; }
