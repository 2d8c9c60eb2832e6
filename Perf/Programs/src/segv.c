// SIGSEGV: argument 1 stores to a protected page, each of which a handler allows.
#include <signal.h>
#include "program.h"

enum { PAGES = 16 };

static char *memory;
static volatile unsigned long handled;

static void on_segv(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    (void)context;
    unsigned long page = ((unsigned long)info->si_addr - (unsigned long)memory) / PAGE;
    mprotect(memory + page * PAGE, PAGE, PROT_READ | PROT_WRITE);
    handled++;
}

int main(int argc, char **argv)
{
    unsigned long rounds = count(argc, argv);
    memory = map(PAGES * PAGE);
    struct sigaction action = { .sa_sigaction = on_segv, .sa_flags = SA_SIGINFO };
    sigaction(SIGSEGV, &action, NULL);
    for (unsigned long round = 0; round < rounds; round++) {
        char *page = memory + round % PAGES * PAGE;
        mprotect(page, PAGE, PROT_NONE);
        *(volatile char *)page = (char)round;
    }
    return tell(handled);
}
