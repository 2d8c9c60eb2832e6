/*
 * xstate-signals - the vector and x87 registers on their way through signal handlers.
 *
 * The kernel lays them down in the frame as XSAVE does, starts the handler with fresh ones, and takes them back from the
 * frame when it returns: an edited frame changes the program, and one that XRSTOR would refuse is SIGSEGV.
 * What it prints depends on no processor as long as it has AVX.
 *
 * Watch: uc_flags and the magic numbers (mmuemu run --cpu v2 xstate-signals shows the frame of a processor without XSAVE).
 */
#define _GNU_SOURCE
#include <cpuid.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#define SW_RESERVED 464
#define HEADER 512
#define UPPER 576

typedef struct {
    uint8_t ymm[16][32];
} vectors;

static int has_avx;

static void get(vectors *v)
{
    memset(v, 0, sizeof *v);
#define LOW(n) __asm__ volatile("movdqu %%xmm" #n ", %0" : "=m"(v->ymm[n]));
#define ALL(n) __asm__ volatile("vmovdqu %%ymm" #n ", %0" : "=m"(v->ymm[n]));
    if (has_avx) {
        ALL(0) ALL(1) ALL(2) ALL(3) ALL(4) ALL(5) ALL(6) ALL(7) ALL(8) ALL(9) ALL(10) ALL(11) ALL(12) ALL(13) ALL(14) ALL(15)
    } else {
        LOW(0) LOW(1) LOW(2) LOW(3) LOW(4) LOW(5) LOW(6) LOW(7) LOW(8) LOW(9) LOW(10) LOW(11) LOW(12) LOW(13) LOW(14) LOW(15)
    }
}

/* Sets all vector registers, raises a signal without calling anything that could use them, and reads them back. */
static void raise_with(const vectors *before, vectors *after)
{
#define LOAD(n) "vmovdqu " #n "*32(%%r12), %%ymm" #n "\n\t"
#define STORE(n) "vmovdqu %%ymm" #n ", " #n "*32(%%r13)\n\t"
#define LOADX(n) "movdqu " #n "*32(%%r12), %%xmm" #n "\n\t"
#define STOREX(n) "movdqu %%xmm" #n ", " #n "*32(%%r13)\n\t"
#define EACH(f) f(0) f(1) f(2) f(3) f(4) f(5) f(6) f(7) f(8) f(9) f(10) f(11) f(12) f(13) f(14) f(15)
    register const vectors *from __asm__("r12") = before;
    register vectors *to __asm__("r13") = after;
    memset(after, 0, sizeof *after);
    if (has_avx) {
        __asm__ volatile(EACH(LOAD) "syscall\n\t" EACH(STORE) "vzeroupper"
                         :
                         : "r"(from), "r"(to), "a"(200), "D"(getpid()), "S"(SIGUSR1)
                         : "rcx", "r11", "memory", "cc", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8",
                           "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
    } else {
        __asm__ volatile(EACH(LOADX) "syscall\n\t" EACH(STOREX)
                         :
                         : "r"(from), "r"(to), "a"(200), "D"(getpid()), "S"(SIGUSR1)
                         : "rcx", "r11", "memory", "cc", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8",
                           "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
    }
}

static vectors pattern(int seed)
{
    vectors v;
    memset(&v, 0, sizeof v);
    for (int i = 0; i < 16; i++) {
        for (int j = 0; j < (has_avx ? 32 : 16); j++) {
            v.ymm[i][j] = (uint8_t)(seed + 17 * i + 5 * j);
        }
    }
    return v;
}

static uint32_t mxcsr(void)
{
    uint32_t value;
    __asm__ volatile("stmxcsr %0" : "=m"(value));
    return value;
}

static void set_mxcsr(uint32_t value)
{
    __asm__ volatile("ldmxcsr %0" : : "m"(value));
}

static uint16_t control_word(void)
{
    uint16_t value;
    __asm__ volatile("fnstcw %0" : "=m"(value));
    return value;
}

static void set_control_word(uint16_t value)
{
    __asm__ volatile("fldcw %0" : : "m"(value));
}

static uint32_t word(const uint8_t *at)
{
    uint32_t value;
    memcpy(&value, at, 4);
    return value;
}

static vectors at_entry;
static uint32_t entry_mxcsr;
static uint16_t entry_control;
static int described;
static void (*edit)(ucontext_t *, uint8_t *);

static void describe(ucontext_t *context, uint8_t *area)
{
    uint32_t extended = word(area + SW_RESERVED + 4);
    uint32_t size = word(area + SW_RESERVED + 16);
    uint32_t features = word(area + SW_RESERVED + 8);
    printf("frame: xstate flag %d, aligned to 64: %d, magic1 %08x, extended size is size + %u, x87 and SSE named: %d\n",
           (int)(context->uc_flags & 1), ((uintptr_t)area & 63) == 0, word(area + SW_RESERVED), extended - size, (features & 3) == 3);
    if (context->uc_flags & 1) {
        printf("frame: magic2 %08x, AVX named: %d, XSTATE_BV & 7 = %u, XCOMP_BV %u, reserved %u\n", word(area + size), (features & 4) != 0,
               word(area + HEADER) & 7, word(area + HEADER + 8), word(area + HEADER + 16));
    }
    printf("frame: XMM3 is here: %d, YMM3's upper half is here: %d, MXCSR %04x, control word %04x\n", area[160 + 48] == (uint8_t)(7 + 51),
           area[UPPER + 48] == (uint8_t)(7 + 51 + 80), word(area + 24), word(area) & 0xFFFF);
}

static void handler(int signal, siginfo_t *info, void *argument)
{
    get(&at_entry);
    entry_mxcsr = mxcsr();
    entry_control = control_word();
    ucontext_t *context = argument;
    uint8_t *area = (uint8_t *)context->uc_mcontext.fpregs;
    if (!described++) {
        describe(context, area);
    }
    if (edit) {
        edit(context, area);
    }

    /* Whatever the handler leaves in the registers is nobody's business. */
    vectors rubbish = pattern(99 + signal + info->si_code);
    register const vectors *from __asm__("r12") = &rubbish;
    if (has_avx) {
        __asm__ volatile(EACH(LOAD) : : "r"(from) : "memory");
    } else {
        __asm__ volatile(EACH(LOADX) : : "r"(from) : "memory");
    }
    set_mxcsr(0x1FBF);
    __asm__ volatile("fldpi\n\tfldpi");
}

static void run(const char *what, void (*how)(ucontext_t *, uint8_t *))
{
    vectors before = pattern(7);
    vectors after;
    edit = how;
    set_mxcsr(0x3F80);
    set_control_word(0x27F);
    raise_with(&before, &after);
    int low = 0, high = 0;
    for (int i = 0; i < 16; i++) {
        low += memcmp(before.ymm[i], after.ymm[i], 16) == 0;
        high += memcmp(before.ymm[i] + 16, after.ymm[i] + 16, 16) == 0;
    }
    printf("%s: %d of 16 XMM and %d of 16 upper halves as before, MXCSR %04x, control word %04x\n", what, low, high, mxcsr(), control_word());
    set_mxcsr(0x1F80);
    __asm__ volatile("fninit");
}

static void change_register(ucontext_t *context, uint8_t *area)
{
    memset(area + 160 + 16 * 5, 0xAA, 16);
    if (has_avx) {
        memset(area + UPPER + 16 * 9, 0x55, 16);
    }
    memset(area + 24, 0, 4);
    area[24] = 0x80;
    area[25] = 0x5F;
    (void)context;
}

static void say_upper_is_zero(ucontext_t *context, uint8_t *area)
{
    area[HEADER] &= (uint8_t)~4;
    (void)context;
}

static void say_x87_is_fresh(ucontext_t *context, uint8_t *area)
{
    area[HEADER] &= (uint8_t)~1;
    (void)context;
}

static void forget_magic1(ucontext_t *context, uint8_t *area)
{
    area[SW_RESERVED] = 0;
    (void)context;
}

static void forget_magic2(ucontext_t *context, uint8_t *area)
{
    area[word(area + SW_RESERVED + 16)] = 0;
    (void)context;
}

static void no_area(ucontext_t *context, uint8_t *area)
{
    context->uc_mcontext.fpregs = 0;
    (void)area;
}

static void ask_for_less(ucontext_t *context, uint8_t *area)
{
    area[SW_RESERVED + 8] = 3;
    (void)context;
}

static void reserved_mxcsr(ucontext_t *context, uint8_t *area)
{
    area[27] = 0x80;
    (void)context;
}

static void reserved_header(ucontext_t *context, uint8_t *area)
{
    area[HEADER + 16] = 1;
    (void)context;
}

static void unknown_component(ucontext_t *context, uint8_t *area)
{
    area[HEADER + 7] = 0x40;
    (void)context;
}

static void misaligned(ucontext_t *context, uint8_t *area)
{
    context->uc_mcontext.fpregs = (void *)(area + 8);
}

static void unreadable(ucontext_t *context, uint8_t *area)
{
    context->uc_mcontext.fpregs = (void *)0x40;
    (void)area;
}

static void in_child(const char *what, void (*how)(ucontext_t *, uint8_t *))
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        vectors before = pattern(7), after;
        edit = how;
        raise_with(&before, &after);
        _exit(0);
    }
    int status;
    waitpid(child, &status, 0);
    printf("%s: %s %d\n", what, WIFSIGNALED(status) ? "killed by signal" : "survived with", WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
}

static void through_fork(void)
{
    vectors before = pattern(31), in_child, in_parent;
    int tube[2];
    if (pipe(tube) != 0) {
        return;
    }
    if (!has_avx) {
        puts("fork: no AVX");
        return;
    }
    register const vectors *from __asm__("r12") = &before;
    register vectors *to __asm__("r13") = &in_parent;
    long pid;
    __asm__ volatile(EACH(LOAD) "syscall\n\t" EACH(STORE) "vzeroupper"
                     : "=a"(pid)
                     : "r"(from), "r"(to), "0"(57)
                     : "rcx", "r11", "memory", "cc", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9",
                       "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
    if (pid == 0) {
        _exit(write(tube[1], &in_parent, sizeof in_parent) != sizeof in_parent);
    }
    int status;
    waitpid((pid_t)pid, &status, 0);
    long got = read(tube[0], &in_child, sizeof in_child);
    printf("fork: the parent keeps its registers: %d, the child has them too: %d\n", memcmp(&before, &in_parent, sizeof before) == 0,
           got == sizeof in_child && memcmp(&before, &in_child, sizeof before) == 0);
}

int main(void)
{
    unsigned a, b, c, d;
    __cpuid(1, a, b, c, d);
    has_avx = (c >> 27 & 1) && (c >> 28 & 1);
    setvbuf(stdout, 0, _IOFBF, 1 << 16);
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = handler;
    action.sa_flags = SA_SIGINFO;
    sigaction(SIGUSR1, &action, 0);

    run("untouched frame", 0);
    vectors zero;
    memset(&zero, 0, sizeof zero);
    printf("the handler began with all vectors zero: %d, MXCSR %04x, control word %04x\n", memcmp(&at_entry, &zero, sizeof zero) == 0,
           entry_mxcsr, entry_control);
    run("one XMM, one upper half and MXCSR edited", change_register);
    run("AVX struck from XSTATE_BV", say_upper_is_zero);
    run("x87 struck from XSTATE_BV", say_x87_is_fresh);
    run("AVX struck from xfeatures", ask_for_less);
    run("magic1 gone", forget_magic1);
    run("magic2 gone", forget_magic2);
    run("no area", no_area);
    in_child("reserved bit in MXCSR", reserved_mxcsr);
    in_child("reserved byte in the header", reserved_header);
    in_child("unknown component in XSTATE_BV", unknown_component);
    in_child("misaligned area", misaligned);
    in_child("unreadable area", unreadable);
    through_fork();
    return 0;
}
