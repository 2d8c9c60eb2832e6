/*
 * align-check - sets RFLAGS.AC and touches memory at every offset in every width: who gets SIGBUS, who SIGSEGV, who nothing.
 *
 * Linux sets CR0.AM, so that a program's own AC flag turns misaligned accesses into #AC. The check comes before the page
 * tables are asked, and after the address was found canonical.
 *
 * Watch: BUS_ADRALN, and that si_addr tells nothing (--trace signal).
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

static sigjmp_buf back;
static volatile int signal_seen;
static volatile int code_seen;
static volatile long trap_seen;
static void *volatile address_seen;
static char area[4096] __attribute__((aligned(4096)));

static void note(int signal, siginfo_t *info, void *context)
{
    __asm__ volatile("pushfq\n\tandl $~0x40000, (%%rsp)\n\tpopfq" ::: "memory", "cc");
    signal_seen = signal;
    code_seen = info->si_code;
    address_seen = info->si_addr;
    trap_seen = ((ucontext_t *)context)->uc_mcontext.gregs[REG_TRAPNO];
    siglongjmp(back, 1);
}

#define TRY(address, instructions)                                                                                             \
    do {                                                                                                                       \
        signal_seen = 0;                                                                                                       \
        if (!sigsetjmp(back, 1)) {                                                                                             \
            __asm__ volatile("mov %%rsp, %%r12\n\tlea -256(%%rsp), %%rsp\n\tand $-64, %%rsp\n\tpushfq\n\torl $0x40000, (%%rsp)\n\tpopfq\n\t" instructions \
                             "\n\tmov %%r12, %%rsp\n\tlea -256(%%rsp), %%rsp\n\tpushfq\n\tandl $~0x40000, (%%rsp)\n\tpopfq\n\tmov %%r12, %%rsp"          \
                             :                                                                                                 \
                             : "D"(address), "a"(0), "b"(0), "c"(0), "d"(0)                                                    \
                             : "rsi", "r12", "xmm0", "memory", "cc");                                                          \
        }                                                                                                                      \
        if (signal_seen) {                                                                                                     \
            printf(" %d/%d", signal_seen, code_seen);                                                                          \
            if (trap_seen == 17 && address_seen) {                                                                             \
                printf("(address!)");                                                                                          \
            }                                                                                                                  \
        } else {                                                                                                               \
            printf(" -");                                                                                                      \
        }                                                                                                                      \
    } while (0)

#define LINE(name, instructions)                                                                                               \
    do {                                                                                                                       \
        printf("%-10s", name);                                                                                                 \
        for (volatile int offset = 0; offset <= 16; offset = offset ? offset * 2 : 1) {                                               \
            TRY(area + 64 + offset, instructions);                                                                             \
        }                                                                                                                      \
        printf("\n");                                                                                                          \
    } while (0)

int main(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = note;
    action.sa_flags = SA_SIGINFO | SA_NODEFER;
    sigaction(SIGBUS, &action, NULL);
    sigaction(SIGSEGV, &action, NULL);

    printf("offset     0 1 2 4 8 16\n");
    LINE("byte", "mov (%%rdi), %%al");
    LINE("load 2", "mov (%%rdi), %%ax");
    LINE("load 4", "mov (%%rdi), %%eax");
    LINE("load 8", "mov (%%rdi), %%rax");
    LINE("store 4", "mov %%eax, (%%rdi)");
    LINE("store 8", "mov %%rax, (%%rdi)");
    LINE("add 4", "addl $1, (%%rdi)");
    LINE("lock add 8", "lock addq $1, (%%rdi)");
    LINE("cmpxchg8b", "cmpxchg8b (%%rdi)");
    LINE("bt 4", "bt %%eax, (%%rdi)");
    LINE("movups", "movups (%%rdi), %%xmm0");
    LINE("movdqu", "movdqu %%xmm0, (%%rdi)");
    LINE("movaps", "movaps (%%rdi), %%xmm0");
    LINE("movlps", "movlps (%%rdi), %%xmm0");
    LINE("movss", "movss (%%rdi), %%xmm0");
    LINE("fld m64", "fldl (%%rdi)\n\tfstp %%st(0)");
    LINE("fld m80", "fldt (%%rdi)\n\tfstp %%st(0)");
    LINE("fnstcw", "fnstcw (%%rdi)");
    LINE("fnstenv", "fnstenv (%%rdi)");
    LINE("stmxcsr", "stmxcsr (%%rdi)");
    LINE("push", "lea 64(%%rdi), %%rsp\n\tpush %%rax");
    LINE("pop", "mov %%rdi, %%rsp\n\tpop %%rax");
    LINE("call", "lea 64(%%rdi), %%rsp\n\tcall 1f\n1:");
    LINE("enter", "lea 64(%%rdi), %%rsp\n\tenter $8, $0\n\tleave");
    LINE("lodsq", "mov %%rdi, %%rsi\n\tlodsq");
    LINE("movsb", "mov $20, %%ecx\n\tlea 64(%%rdi), %%rsi\n\trep movsb");
    LINE("movsw", "mov $20, %%ecx\n\tlea 64(%%rdi), %%rsi\n\trep movsw");
    LINE("clflush", "clflush (%%rdi)");
    LINE("prefetch", "prefetcht0 (%%rdi)");

    char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(page + 4096, 4096);
    printf("first");
    TRY((char *)1, "mov (%%rdi), %%eax");
    TRY(page + 4094, "mov (%%rdi), %%eax");
    TRY(page + 4096, "mov (%%rdi), %%eax");
    TRY((char *)0x800000000001, "mov (%%rdi), %%eax");
    mprotect(page, 4096, PROT_READ);
    TRY(page + 1, "mov %%eax, (%%rdi)");
    TRY((char *)0x1001, "movaps (%%rdi), %%xmm0");
    printf("\n");
    return 0;
}
