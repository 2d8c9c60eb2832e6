/*
 * precise-faults - an instruction that faults has not happened.
 *
 * Five instructions are stopped half-way by a page that says no. In each handler the program looks at the registers and at
 * memory: except for what a repeated string instruction had finished, everything is as before. Then the page is opened, and
 * the instruction starts again and completes.
 *
 * Watch: the same RIP twice, and RCX counting down across the fault (--trace fault,signal).
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

enum { PAGE = 4096 };

static unsigned char *open_page, *closed_page; /* neighbours */

static struct {
    long offset;         /* of the fault, from the start of the closed page */
    long rcx, rdi, rsp;  /* rdi and rsp from there, too */
    unsigned char last;  /* the last byte of the open page */
} volatile seen;

static void look_and_open(int signal, siginfo_t *info, void *context)
{
    (void)signal;
    const greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    greg_t base = (greg_t)(uintptr_t)closed_page;
    seen.offset = (unsigned char *)info->si_addr - closed_page;
    seen.rcx = registers[REG_RCX];
    seen.rdi = registers[REG_RDI] - base;
    seen.rsp = registers[REG_RSP] - base;
    seen.last = closed_page[-1];
    mprotect(closed_page, PAGE, PROT_READ | PROT_WRITE);
}

static void close_it(void)
{
    memset(open_page, 0x11, 2 * PAGE);
    mprotect(closed_page, PAGE, PROT_READ);
}

int main(void)
{
    static char handler_stack[32768];
    stack_t stack = { .ss_sp = handler_stack, .ss_size = sizeof handler_stack };
    sigaltstack(&stack, NULL);
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = look_and_open;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigaction(SIGSEGV, &action, NULL);

    open_page = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    closed_page = open_page + PAGE;

    /* A store across the border: neither half is written, and the address is that of the first byte refused. */
    close_it();
    uint64_t value = 0x8877665544332211 + 0x1111111111111111;
    __asm__ volatile("mov %0, (%1)" : : "r"(value), "r"(closed_page - 3) : "memory");
    printf("store across:  fault at %+ld, last open byte 0x%02x, then 0x%02x 0x%02x\n", seen.offset, seen.last,
           closed_page[-1], closed_page[4]);

    /* A repeated copy stops at the border with exactly the bytes before it done, and goes on from there. */
    close_it();
    static const char text[] = "twenty-four bytes of text";
    void *to = closed_page - 10;
    const void *from = text;
    unsigned long count = 24;
    __asm__ volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(count) : : "memory");
    printf("rep movsb:     fault at %+ld, rcx %ld, rdi %+ld, last open byte '%c', in the end '%.24s'\n", seen.offset, seen.rcx,
           seen.rdi, seen.last, (char *)closed_page - 10);

    /* A push that cannot store does not move the stack pointer. */
    close_it();
    __asm__ volatile("mov %%rsp, %%rbx\n\t"
                     "lea 8(%0), %%rsp\n\t"
                     "push %1\n\t"
                     "mov %%rbx, %%rsp"
                     : : "r"(closed_page), "r"(0x5aUL) : "rbx", "memory");
    printf("push:          fault at %+ld, rsp %+ld, stored 0x%02x\n", seen.offset, seen.rsp, closed_page[0]);

    /* An exchange needs both, the load and the store; the register keeps its value until both are certain. */
    close_it();
    unsigned long swapped = 0x33;
    __asm__ volatile("xchg %0, (%1)" : "+c"(swapped) : "r"(closed_page + 8) : "memory");
    printf("xchg:          fault at %+ld, rcx 0x%lx, then register 0x%lx, memory 0x%02x\n", seen.offset, seen.rcx,
           swapped & 0xff, closed_page[8]);

    /* A compare-and-exchange that fails to compare still asks for the right to write. */
    close_it();
    unsigned long expected = 0;
    unsigned char equal;
    __asm__ volatile("lock cmpxchg %3, (%2)\n\tsete %1"
                     : "+a"(expected), "=c"(equal) : "r"(closed_page + 16), "r"(7UL) : "memory");
    printf("lock cmpxchg:  fault at %+ld, equal %d, found 0x%lx\n", seen.offset, equal, expected);
    return 0;
}
