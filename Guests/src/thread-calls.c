/*
 * thread-calls - the system calls about threads, with good and bad arguments and no library between.
 *
 * Each line is a call and what Linux answers. Threads are made by clone itself, on stacks of the program's own, so that
 * what clone, futex, exit and the lists of robust locks do is seen as it is.
 *
 * Watch: --strace beside the output.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <linux/membarrier.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define THREAD (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM)
#define ANY 0xFFFFFFFFL
#define STACK 16384

typedef _Atomic uint32_t word;

static long call(long number, long a, long b, long c, long d, long e, long f)
{
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = f;
    long rax;
    __asm__ volatile("syscall"
                     : "=a"(rax)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return rax;
}

static long futex(volatile void *at, long operation, long value, const void *time, volatile void *second, long third)
{
    return call(SYS_futex, (long)at, operation, value, (long)time, (long)second, third);
}

static void line(const char *name, long value)
{
    printf("%-46s %ld\n", name, value);
    fflush(stdout);
}

/* clone with a function on a new stack; the flags may be anything. */
static long begin(long flags, int (*body)(void *), void *argument, char *stack, volatile void *parent_tid, volatile void *child_tid)
{
    long rax;
    void **top = (void **)(stack + STACK);
    *--top = argument;
    *--top = (void *)body;
    register long r10 __asm__("r10") = (long)child_tid;
    register long r8 __asm__("r8") = 0;
    __asm__ volatile("syscall\n\t"
                     "test %%rax, %%rax\n\t"
                     "jnz 1f\n\t"
                     "xor %%ebp, %%ebp\n\t"
                     "pop %%rax\n\t"
                     "pop %%rdi\n\t"
                     "call *%%rax\n\t"
                     "mov %%eax, %%edi\n\t"
                     "mov $60, %%eax\n\t"
                     "syscall\n\t"
                     "1:"
                     : "=a"(rax)
                     : "a"(SYS_clone), "D"(flags), "S"(top), "d"(parent_tid), "r"(r10), "r"(r8)
                     : "rcx", "r11", "memory");
    return rax;
}

static char stacks[8][STACK] __attribute__((aligned(16)));
static word tids[8];

static void start(int n, int (*body)(void *), void *argument)
{
    tids[n] = 1;
    begin(THREAD | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID, body, argument, stacks[n], &tids[n], &tids[n]);
}

static void join(int n)
{
    uint32_t tid;
    while ((tid = tids[n]) != 0) {
        futex(&tids[n], FUTEX_WAIT, tid, NULL, NULL, 0);
    }
}

static void until(word *at, uint32_t value)
{
    while (*at != value) {
        sched_yield();
    }
}

/* Waits until a thread sleeps, or has ended: only /proc tells from outside. */
static void sleeps(int process, int tid)
{
    char path[64], text[128];
    for (;;) {
        sprintf(path, "/proc/%d/task/%d/stat", process, tid);
        int file = open(path, O_RDONLY);
        ssize_t length = file < 0 ? 0 : read(file, text, sizeof text - 1);
        close(file);
        text[length > 0 ? length : 0] = 0;
        char *name_end = strrchr(text, ')');
        if (name_end == NULL || name_end[2] == 'S' || name_end[2] == 'Z') {
            return;
        }
        sched_yield();
    }
}

static void settle(int tid)
{
    sleeps(getpid(), tid);
}

static int nothing(void *argument)
{
    (void)argument;
    return 0;
}

static void clones(void)
{
    static word parent_tid, child_tid;
    line("clone THREAD", begin(CLONE_THREAD, nothing, NULL, stacks[0], NULL, NULL));
    line("clone THREAD|VM", begin(CLONE_THREAD | CLONE_VM, nothing, NULL, stacks[0], NULL, NULL));
    line("clone SIGHAND", begin(CLONE_SIGHAND, nothing, NULL, stacks[0], NULL, NULL));
    line("clone FS|NEWNS", begin(CLONE_FS | CLONE_NEWNS, nothing, NULL, stacks[0], NULL, NULL));
    line("clone SETTLS outside", call(SYS_clone, THREAD | CLONE_SETTLS, (long)(stacks[0] + STACK), 0, 0, 1L << 62, 0));
    child_tid = 5;
    long tid = begin(THREAD | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID, nothing, NULL, stacks[0], &parent_tid, &child_tid);
    while (child_tid != 0) {
        futex(&child_tid, FUTEX_WAIT, 5, NULL, NULL, 0);
    }
    line("parent has the id", tid > getpid() && parent_tid == (uint32_t)tid);

    struct { uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, extra[4]; } arguments = {0};
    line("clone3 too short", call(SYS_clone3, (long)&arguments, 56, 0, 0, 0, 0));
    line("clone3 too long", call(SYS_clone3, (long)&arguments, 8192, 0, 0, 0, 0));
    arguments.stack = 4096;
    line("clone3 stack without size", call(SYS_clone3, (long)&arguments, 64, 0, 0, 0, 0));
    arguments.stack = 0;
    arguments.exit_signal = 100;
    line("clone3 bad signal", call(SYS_clone3, (long)&arguments, 64, 0, 0, 0, 0));
    arguments.flags = THREAD;
    arguments.exit_signal = SIGCHLD;
    line("clone3 thread with a signal", call(SYS_clone3, (long)&arguments, 64, 0, 0, 0, 0));
    arguments.extra[3] = 1;
    line("clone3 unknown field", call(SYS_clone3, (long)&arguments, 96, 0, 0, 0, 0));
    line("clone3 nowhere", call(SYS_clone3, 16, 64, 0, 0, 0, 0));
    arguments.extra[3] = 0;
    arguments.flags = 0;
    long child = call(SYS_clone3, (long)&arguments, 96, 0, 0, 0, 0);
    if (child == 0) {
        _exit(9);
    }
    int status = 0;
    line("clone3 as fork", waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 9);
}

static word value, other;

static long operation(unsigned what, int operand, unsigned comparison, int with)
{
    return (long)(what << 28 | comparison << 24 | ((unsigned)operand & 0xFFF) << 12 | ((unsigned)with & 0xFFF));
}

static int waits(void *argument)
{
    long result = futex(&value, FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG, 0, NULL, NULL, (long)argument);
    return (int)result;
}

static void refusals(void)
{
    struct timespec bad = {0, 1000000000}, past = {0, 0}, soon = {0, 1000000};
    line("wait, another value", futex(&value, FUTEX_WAIT, 1, NULL, NULL, 0));
    line("wait, unaligned", futex((char *)&value + 1, FUTEX_WAIT, 0, NULL, NULL, 0));
    line("wait, nowhere", futex((void *)64, FUTEX_WAIT, 0, NULL, NULL, 0));
    line("wait, kernel address", futex((void *)(-4096L), FUTEX_WAIT, 0, NULL, NULL, 0));
    line("wait, bad time", futex(&value, FUTEX_WAIT, 0, &bad, NULL, 0));
    line("wait, time nowhere", futex(&value, FUTEX_WAIT, 0, (void *)64, NULL, 0));
    line("wait, past", futex(&value, FUTEX_WAIT_BITSET, 0, &past, NULL, ANY));
    line("wait, past, real time", futex(&value, FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, 0, &soon, NULL, ANY));
    line("wait, soon", futex(&value, FUTEX_WAIT, 0, &soon, NULL, 0));
    line("wait, no bits", futex(&value, FUTEX_WAIT_BITSET, 0, NULL, NULL, 0));
    line("wake, no bits", futex(&value, FUTEX_WAKE_BITSET, 1, NULL, NULL, 0));
    line("wake, real time", futex(&value, FUTEX_WAKE | FUTEX_CLOCK_REALTIME, 1, NULL, NULL, 0));
    line("wake nobody", futex(&value, FUTEX_WAKE, 1, NULL, NULL, 0));
    line("wake, private, unmapped", futex((void *)4096, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, NULL, NULL, 0));
    line("wake, shared, unmapped", futex((void *)4096, FUTEX_WAKE, 1, NULL, NULL, 0));
    line("requeue, negative", futex(&value, FUTEX_REQUEUE, -1, (void *)1, &other, 0));
    line("compare and requeue, another value", futex(&value, FUTEX_CMP_REQUEUE, 1, (void *)1, &other, 1));
    line("wake op, unknown", futex(&value, FUTEX_WAKE_OP, 1, (void *)1, &other, 0x70000000));
    line("unknown command", futex(&value, 100, 0, NULL, NULL, 0));
    line("FUTEX_FD", futex(&value, FUTEX_FD, 0, NULL, NULL, 0));
}

static void wakes(void)
{
    for (int i = 0; i < 4; i++) {
        start(i, waits, (void *)(long)(1 << i));
        settle((int)tids[i]);
    }
    line("wake by a bit nobody has", futex(&value, FUTEX_WAKE_BITSET | FUTEX_PRIVATE_FLAG, 10, NULL, NULL, 0x100));
    line("wake by one bit", futex(&value, FUTEX_WAKE_BITSET | FUTEX_PRIVATE_FLAG, 10, NULL, NULL, 4));
    join(2);
    line("wake, shared, of private waiters", futex(&value, FUTEX_WAKE, 10, NULL, NULL, 0));
    line("requeue one, wake one", futex(&value, FUTEX_CMP_REQUEUE | FUTEX_PRIVATE_FLAG, 1, (void *)1, &other, 0));
    line("wake the one left", futex(&value, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 10, NULL, NULL, 0));
    line("wake the moved", futex(&other, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 10, NULL, NULL, 0));
    join(0);
    join(1);
    join(3);

    for (int i = 0; i < 3; i++) {
        start(i, waits, (void *)ANY);
        settle((int)tids[i]);
    }
    other = 41;
    /* other += 1; wakes one of value's, and all of other's because 41 >= 40 */
    line("wake op", futex(&value, FUTEX_WAKE_OP | FUTEX_PRIVATE_FLAG, 1, (void *)5, &other, operation(FUTEX_OP_ADD, 1, FUTEX_OP_CMP_GE, 40)));
    line("wake op's word", other);
    line("wake op, shifted", futex(&other, FUTEX_WAKE_OP | FUTEX_PRIVATE_FLAG, 1, (void *)5, &other, operation(FUTEX_OP_OR | FUTEX_OP_OPARG_SHIFT, 7, FUTEX_OP_CMP_LT, -1)));
    line("its word", other);
    line("wake with count 0", futex(&value, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 0, NULL, NULL, 0));
    line("wake the last", futex(&value, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 10, NULL, NULL, 0));
    for (int i = 0; i < 3; i++) {
        join(i);
    }
}

static word lock;
static word holds;

static int holds_lock(void *argument)
{
    (void)argument;
    holds = futex(&lock, FUTEX_LOCK_PI | FUTEX_PRIVATE_FLAG, 0, NULL, NULL, 0) == 0;
    until(&other, 0);
    return (int)futex(&lock, FUTEX_UNLOCK_PI | FUTEX_PRIVATE_FLAG, 0, NULL, NULL, 0);
}

static int dies_holding(void *argument)
{
    (void)argument;
    holds = futex(&lock, FUTEX_LOCK_PI | FUTEX_PRIVATE_FLAG, 0, NULL, NULL, 0) == 0;
    settle(getpid());
    return 0;
}

static void locks(void)
{
    uint32_t self = (uint32_t)gettid();
    struct timespec past = {1, 0};
    line("lock", futex(&lock, FUTEX_LOCK_PI | FUTEX_PRIVATE_FLAG, 0, NULL, NULL, 0));
    line("its word is my id", lock == self);
    line("lock again", futex(&lock, FUTEX_LOCK_PI | FUTEX_PRIVATE_FLAG, 0, NULL, NULL, 0));
    line("unlock", futex(&lock, FUTEX_UNLOCK_PI | FUTEX_PRIVATE_FLAG, 0, NULL, NULL, 0));
    line("unlock again", futex(&lock, FUTEX_UNLOCK_PI | FUTEX_PRIVATE_FLAG, 0, NULL, NULL, 0));
    lock = 0x3FFFFFF0;
    line("lock of a thread that is not", futex(&lock, FUTEX_LOCK_PI | FUTEX_PRIVATE_FLAG, 0, NULL, NULL, 0));
    lock = 0;
    other = 1;
    start(0, holds_lock, NULL);
    until(&holds, 1);
    line("try", futex(&lock, FUTEX_TRYLOCK_PI | FUTEX_PRIVATE_FLAG, 0, NULL, NULL, 0));
    line("lock until a past moment", futex(&lock, FUTEX_LOCK_PI | FUTEX_PRIVATE_FLAG, 0, &past, NULL, 0));
    line("unlock another's", futex(&lock, FUTEX_UNLOCK_PI | FUTEX_PRIVATE_FLAG, 0, NULL, NULL, 0));
    other = 0;
    line("lock after it", futex(&lock, FUTEX_LOCK_PI | FUTEX_PRIVATE_FLAG, 0, NULL, NULL, 0));
    join(0);
    line("unlock", futex(&lock, FUTEX_UNLOCK_PI | FUTEX_PRIVATE_FLAG, 0, NULL, NULL, 0));
    holds = 0;
    start(0, dies_holding, NULL);
    until(&holds, 1);
    line("lock, owner dies", futex(&lock, FUTEX_LOCK_PI | FUTEX_PRIVATE_FLAG, 0, NULL, NULL, 0));
    line("its word says so", (lock & FUTEX_OWNER_DIED) != 0 && (lock & FUTEX_TID_MASK) == self);
    line("unlock", futex(&lock, FUTEX_UNLOCK_PI | FUTEX_PRIVATE_FLAG, 0, NULL, NULL, 0));
    join(0);
}

struct robust {
    struct robust_list entry;
    word held;
};

static struct robust_list_head head;
static struct robust first, second, pending;

static int leaves_locks(void *argument)
{
    (void)argument;
    uint32_t self = (uint32_t)gettid();
    head.list.next = &first.entry;
    first.entry.next = &second.entry;
    second.entry.next = &head.list;
    head.futex_offset = offsetof(struct robust, held) - offsetof(struct robust, entry);
    head.list_op_pending = &pending.entry;
    first.held = self | FUTEX_WAITERS;
    second.held = self ^ 1;
    pending.held = self;
    return (int)call(SYS_set_robust_list, (long)&head, sizeof head, 0, 0, 0, 0);
}

static void robust(void)
{
    struct robust_list_head *mine = NULL;
    size_t size = 0;
    line("robust list, wrong size", call(SYS_set_robust_list, (long)&head, 8, 0, 0, 0, 0));
    line("robust list", call(SYS_set_robust_list, (long)&head, sizeof head, 0, 0, 0, 0));
    line("robust list read", call(SYS_get_robust_list, 0, (long)&mine, (long)&size, 0, 0, 0));
    line("it is mine", mine == &head && size == sizeof head);
    line("robust list of nobody", call(SYS_get_robust_list, 99999999, (long)&mine, (long)&size, 0, 0, 0));
    call(SYS_set_robust_list, 0, sizeof head, 0, 0, 0, 0);
    start(0, leaves_locks, NULL);
    join(0);
    line("first: died, waiters", first.held == (FUTEX_OWNER_DIED | FUTEX_WAITERS));
    line("second: another's", (second.held & FUTEX_OWNER_DIED) != 0);
    line("pending: died", pending.held == FUTEX_OWNER_DIED);
}

static word handled;

static void handler(int number, siginfo_t *info, void *context)
{
    (void)context;
    handled = (uint32_t)(number * 1000 + info->si_value.sival_int);
}


static long results[4];

static int keeps_result(void *argument)
{
    struct timespec hour = {3600, 0};
    long which = (long)argument;
    results[which] = futex(&value, FUTEX_WAIT, 0, which == 1 ? &hour : NULL, NULL, 0);
    return 0;
}

static void signals(void)
{
    struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | SA_RESTART};
    int self = getpid();
    siginfo_t info;
    sigaction(SIGUSR1, &action, NULL);
    line("tgkill, bad signal", call(SYS_tgkill, self, self, 65, 0, 0, 0));
    line("tgkill, bad id", call(SYS_tgkill, self, 0, 0, 0, 0, 0));
    line("tgkill, another process's thread", call(SYS_tgkill, getppid(), self, 0, 0, 0, 0));
    line("tkill, nobody", call(SYS_tkill, 99999999, 0, 0, 0, 0, 0));
    line("tkill, negative", call(SYS_tkill, -1, 0, 0, 0, 0, 0));
    memset(&info, 0, sizeof info);
    info.si_code = SI_QUEUE;
    info.si_value.sival_int = 77;
    line("queue to a thread", call(SYS_rt_tgsigqueueinfo, self, self, SIGUSR1, (long)&info, 0, 0));
    line("its value", handled);
    info.si_value.sival_int = 78;
    line("queue to a process", call(SYS_rt_sigqueueinfo, self, SIGUSR1, (long)&info, 0, 0, 0));
    line("its value", handled);
    info.si_code = SI_USER;
    line("queue as kill, to myself", call(SYS_rt_tgsigqueueinfo, self, self, SIGUSR1, (long)&info, 0, 0));

    /* A wait begins again after the handler; one with a time limit does not. */
    for (long i = 0; i < 2; i++) {
        handled = 0;
        results[i] = 1;
        start((int)i, keeps_result, (void *)i);
        settle((int)tids[i]);
        call(SYS_tgkill, self, tids[i], SIGUSR1, 0, 0, 0);
        while (handled == 0) {
            sched_yield();
        }
        settle((int)tids[i]);
        line(i == 0 ? "still waiting after a handler" : "cut short by a handler", results[i]);
        futex(&value, FUTEX_WAKE, 1, NULL, NULL, 0);
        join((int)i);
        line("result", results[i]);
    }
}

static word go;

static int ends(void *argument)
{
    until(&go, 1);
    return (int)(long)argument;
}

static int ends_group(void *argument)
{
    settle(getpid());
    call(SYS_exit_group, (long)argument, 0, 0, 0, 0, 0);
    return 0;
}

static int fails(void *argument)
{
    settle(getpid());
    *(volatile char *)argument = 1;
    return 0;
}

static long status_of(int which)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        switch (which) {
        case 0: /* the first thread ends first, with 5; the last one with 6 */
            start(0, ends, (void *)6);
            go = 1;
            call(SYS_exit, 5, 0, 0, 0, 0, 0);
            break;
        case 1: /* another thread ends the process while the first one waits */
            start(0, ends_group, (void *)7);
            futex(&value, FUTEX_WAIT, 0, NULL, NULL, 0);
            break;
        case 2: /* the first thread has ended when another ends the process */
            start(0, ends_group, (void *)8);
            call(SYS_exit, 5, 0, 0, 0, 0, 0);
            break;
        case 3: /* a fault of one thread kills all */
            signal(SIGSEGV, SIG_DFL);
            start(0, fails, (void *)16);
            start(1, ends, NULL);
            futex(&value, FUTEX_WAIT, 0, NULL, NULL, 0);
            break;
        case 4: /* a thread runs another program: it has the process's id then, and the others are gone */
            start(0, ends, NULL);
            start(1, ends, NULL);
            execl("/proc/self/exe", "thread-calls", "child", (char *)NULL);
            break;
        }
        _exit(99);
    }
    waitpid(child, &status, 0);
    return status;
}

static int runs_other(void *argument)
{
    (void)argument;
    execl("/proc/self/exe", "thread-calls", "child", (char *)NULL);
    return 1;
}

static void ends_of_processes(void)
{
    line("exit of all threads", status_of(0));
    line("exit_group of another", status_of(1));
    line("exit_group after the first one's end", status_of(2));
    line("fault of another", status_of(3) & 0x7F);
    line("execve of the first", status_of(4));
    int status;
    pid_t child = fork();
    if (child == 0) {
        char text[32];
        sprintf(text, "%d", getpid());
        setenv("THREAD_CALLS", text, 1);
        start(0, runs_other, NULL);
        futex(&value, FUTEX_WAIT, 0, NULL, NULL, 0);
    }
    waitpid(child, &status, 0);
    line("execve of another", status);
}

static void schedules(void)
{
    unsigned long mask[16] = {0};
    unsigned cpu = 99, node = 99;
    line("affinity, odd size", call(SYS_sched_getaffinity, 0, 12, (long)mask, 0, 0, 0));
    line("affinity, too small", call(SYS_sched_getaffinity, 0, 0, (long)mask, 0, 0, 0));
    line("affinity of nobody", call(SYS_sched_getaffinity, 99999999, sizeof mask, (long)mask, 0, 0, 0));
    line("affinity", call(SYS_sched_getaffinity, 0, sizeof mask, (long)mask, 0, 0, 0) >= 8);
    unsigned long old = mask[0], none = 0;
    line("affinity to none", call(SYS_sched_setaffinity, 0, sizeof none, (long)&none, 0, 0, 0));
    unsigned long last = 1UL << (63 - __builtin_clzl(old));
    line("affinity to the last", call(SYS_sched_setaffinity, 0, sizeof last, (long)&last, 0, 0, 0));
    sched_yield();
    line("getcpu", call(SYS_getcpu, (long)&cpu, (long)&node, 0, 0, 0, 0));
    line("it is the last", 1UL << cpu == last && node == 0);
    call(SYS_sched_setaffinity, 0, sizeof old, (long)&old, 0, 0, 0);
    line("barrier, query", (call(SYS_membarrier, MEMBARRIER_CMD_QUERY, 0, 0, 0, 0, 0) & 0x19) == 0x19);
    line("barrier, register", call(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0, 0, 0, 0));
    line("barrier", call(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0, 0, 0, 0));
    line("barrier, two at once", call(SYS_membarrier, 0x18, 0, 0, 0, 0, 0));
}

/* Two processes, one file: the word is the same although its addresses differ. */
static void shared(void)
{
    char *here = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    word *at = (word *)(here + 4096);
    int status;
    pid_t child = fork();
    if (child == 0) {
        char *moved = mremap(here, 8192, 8192, MREMAP_MAYMOVE | MREMAP_FIXED, here - (1L << 30));
        word *there = (word *)(moved + 4096);
        *there = 1;
        _exit((int)futex(there, FUTEX_WAIT, 1, NULL, NULL, 0) & 0x7F);
    }
    until(at, 1);
    sleeps(child, child);
    line("wake, private, of another process", futex(at, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1, NULL, NULL, 0));
    line("wake, shared, of another process", futex(at, FUTEX_WAKE, 1, NULL, NULL, 0));
    waitpid(child, &status, 0);
    line("its result", status);
}

int main(int count, char **arguments)
{
    if (count > 1 && strcmp(arguments[1], "child") == 0) {
        const char *expected = getenv("THREAD_CALLS");
        return getpid() == gettid() && (expected == NULL || atoi(expected) == getpid()) ? 12 : 13;
    }
    clones();
    refusals();
    wakes();
    locks();
    robust();
    signals();
    ends_of_processes();
    schedules();
    shared();
    return 0;
}
