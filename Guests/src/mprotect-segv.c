/*
 * mprotect-segv - what a SIGSEGV handler can learn, and how it can repair.
 *
 * Four accesses that the page tables or the kernel forbid. For each, the handler writes down the facts the processor and
 * the kernel gave it (si_code, the trap number, the page-fault error code, the byte within the page), allows the access,
 * and returns: the instruction is carried out again and succeeds.
 *
 * Watch: SEGV_ACCERR means "the mapping exists and says no", SEGV_MAPERR means "there is no mapping" (--trace fault,signal).
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

enum { PAGE = 4096 };

static struct {
    int signals, code, trap, error, byte;
    int cr2_is_si_addr;
} volatile seen;

static void allow(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    const greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    unsigned char *address = info->si_addr;
    unsigned char *page = (unsigned char *)((unsigned long)address & -PAGE);

    seen.signals++;
    seen.code = info->si_code;
    seen.trap = (int)registers[REG_TRAPNO];
    seen.error = (int)registers[REG_ERR];
    seen.byte = (int)(address - page);
    seen.cr2_is_si_addr = registers[REG_CR2] == (greg_t)(unsigned long)address;

    if (info->si_code == SEGV_MAPERR) {
        mmap(page, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    } else {
        mprotect(page, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC);
    }
}

static void report(const char *what)
{
    const char *name = seen.code == SEGV_ACCERR ? "SEGV_ACCERR" : seen.code == SEGV_MAPERR ? "SEGV_MAPERR" : "other";
    printf("%-28s %s at byte 0x%03x, trap %d, error code 0x%02x (%s %s %s), CR2 is si_addr: %s, signals: %d\n", what, name,
           seen.byte, seen.trap, seen.error, seen.error & 1 ? "protection" : "not-present",
           seen.error & 16 ? "fetch" : seen.error & 2 ? "write" : "read", seen.error & 4 ? "user" : "kernel",
           seen.cr2_is_si_addr ? "yes" : "no", seen.signals);
    seen.signals = 0;
}

int main(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = allow;
    action.sa_flags = SA_SIGINFO;
    sigaction(SIGSEGV, &action, NULL);

    unsigned char *memory = mmap(NULL, 8 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(memory, 0xC3, 8 * PAGE); /* 0xC3 is the instruction `ret` */

    mprotect(memory, PAGE, PROT_READ);
    *(volatile unsigned char *)(memory + 0x021) = 1;
    report("write to a read-only page:");

    mprotect(memory + 2 * PAGE, PAGE, PROT_NONE);
    int value = *(volatile unsigned char *)(memory + 2 * PAGE + 0x345);
    report("read of a PROT_NONE page:");

    munmap(memory + 4 * PAGE, PAGE);
    *(volatile unsigned char *)(memory + 4 * PAGE + 0x678) = 1;
    report("write where nothing is:");

    ((void (*)(void))(memory + 6 * PAGE + 0x9ab))();
    report("jump into a data page:");

    printf("values: %d %d %d %d\n", memory[0x021], value, memory[4 * PAGE + 0x678], memory[4 * PAGE]);
    return 0;
}
