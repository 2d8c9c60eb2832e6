/*
 * mmuemu.h - what a guest program may ask of MmuEmu, and the memory calls that Linux never merged.
 *
 * Two families, both without any library behind them:
 *
 *   1. mmuemu_*   Requests to the emulator itself: make pressure now, put a mark in the trace, and so on.
 *                 Each is a system call with a number far outside Linux's table. Real Linux answers -ENOSYS and
 *                 does nothing, so the same binary also runs natively.
 *   2. vrange, remap_anon_pages, MADV_USERFAULT
 *                 Proposals of 2013 and 2014 that were never merged. Their numbers belong to OTHER calls on real
 *                 Linux (314 is sched_setattr, 321 is bpf, advice 18 is MADV_WIPEONFORK): call
 *                 mmuemu_require() first.
 *
 * A program that includes this header declares, in a note of its ELF file, that it means the proposals by these
 * numbers; any other program gets Linux's meanings. Define MMUEMU_PROPOSALS first to choose which: a sum of 1 (vrange),
 * 2 (MADV_FREE by its number of 2014, 5) and 4 (MADV_USERFAULT, remap_anon_pages), or 0 for none.
 *
 * Every function here returns what the kernel left in RAX: 0 or more on success, minus an errno otherwise.
 * None touches `errno`, so all of them may be called in a signal handler.
 * The full contract is in docs/guest-header.md.
 */
#ifndef MMUEMU_H
#define MMUEMU_H

#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

/* requests to the emulator */

#define MMUEMU_PRESENT      0x4d4d5500L /* 'M' 'M' 'U' 0; the low byte is the request */
#define MMUEMU_MARK         0x4d4d5501L
#define MMUEMU_RECLAIM      0x4d4d5502L
#define MMUEMU_PURGE        0x4d4d5503L
#define MMUEMU_AGE          0x4d4d5504L
#define MMUEMU_EXPECT_FAULT 0x4d4d5505L

/* calls that were never merged */

#define MMUEMU_SYS_VRANGE           314L
#define MMUEMU_SYS_REMAP_ANON_PAGES 321L

#define VRANGE_VOLATILE    0 /* the kernel may take these pages when memory runs short */
#define VRANGE_NONVOLATILE 1 /* and now it may not any more */

#ifndef MADV_FREE
#define MADV_FREE 8 /* real Linux since 4.5 */
#endif
#define MADV_USERFAULT   18 /* touching a hole raises SIGBUS */
#define MADV_NOUSERFAULT 19

#define RAP_ALLOW_SRC_HOLES 1 /* the only flag of remap_anon_pages */

/* The declaration: an ELF note of type 1 by "MmuEmu", whose description is one word. Several in one program add up. */
#ifndef MMUEMU_PROPOSALS
#define MMUEMU_PROPOSALS 7
#endif
#define MMUEMU_TEXT_OF(x) #x
#define MMUEMU_TEXT(x)    MMUEMU_TEXT_OF(x)
__asm__(".pushsection .note.MmuEmu, \"a\", @note\n"
        ".balign 4\n"
        ".long 7, 4, 1\n"
        ".asciz \"MmuEmu\"\n"
        ".balign 4\n"
        ".long " MMUEMU_TEXT(MMUEMU_PROPOSALS) "\n"
        ".popsection\n");

/* One system call, four arguments; the kernel overwrites rcx and r11. */
static inline long mmuemu_syscall4(long number, long a, long b, long c, long d)
{
    register long r10 __asm__("r10") = d;
    long rax;
    __asm__ volatile("syscall"
                     : "=a"(rax)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10)
                     : "rcx", "r11", "memory");
    return rax;
}

/* 1 under MmuEmu, 0 anywhere else. */
static inline int mmuemu_present(void)
{
    return mmuemu_syscall4(MMUEMU_PRESENT, 0, 0, 0, 0) == 0;
}

/* Ends the program with status 77 and one line on stderr unless it runs under MmuEmu. */
static inline void mmuemu_require(void)
{
    if (!mmuemu_present()) {
        static const char text[] = "this program uses calls that real Linux does not have: mmuemu run GUEST\n";
        ssize_t ignored = write(2, text, sizeof text - 1);
        (void)ignored;
        _exit(77);
    }
}

/* Puts the name (at most 63 bytes) into the trace at this instruction. */
static inline long mmuemu_mark(const char *name)
{
    return mmuemu_syscall4(MMUEMU_MARK, (long)name, 0, 0, 0);
}

/* Memory pressure now: reclaims up to `frames` 4 KiB frames before it returns. */
static inline long mmuemu_reclaim(size_t frames)
{
    return mmuemu_syscall4(MMUEMU_RECLAIM, (long)frames, 0, 0, 0);
}

/* Purges the volatile pages and discards the lazily freed ones in this range, and nothing else. */
static inline long mmuemu_purge(void *start, size_t length)
{
    return mmuemu_syscall4(MMUEMU_PURGE, (long)start, (long)length, 0, 0);
}

/* Lets memory grow one step older: clears every accessed bit and rotates the page lists once. */
static inline long mmuemu_age(void)
{
    return mmuemu_syscall4(MMUEMU_AGE, 0, 0, 0, 0);
}

/* Claims that this thread's next fault signal (SIGSEGV or SIGBUS) has exactly this si_addr. */
static inline long mmuemu_expect_fault(const volatile void *address)
{
    return mmuemu_syscall4(MMUEMU_EXPECT_FAULT, (long)address, 0, 0, 0);
}

/* Marks [start, start+length) volatile or not; returns the number of bytes done. *purged becomes 0 or 1. */
static inline long vrange(void *start, size_t length, int mode, int *purged)
{
    return mmuemu_syscall4(MMUEMU_SYS_VRANGE, (long)start, (long)length, mode, (long)purged);
}

/* Moves pages from source to destination by editing page tables only; returns the number of bytes moved. */
static inline long remap_anon_pages(void *destination, void *source, size_t length, unsigned long flags)
{
    return mmuemu_syscall4(MMUEMU_SYS_REMAP_ANON_PAGES, (long)destination, (long)source, (long)length, (long)flags);
}

/*
 * mvrange and fvrange, of a thread of April 2013; nobody numbered them, so the numbers are MmuEmu's own. Linux has sched_getattr and
 * kexec_file_load there. A program declares them with 8 in MMUEMU_PROPOSALS, which is not in the default.
 */

#define MMUEMU_SYS_MVRANGE 315L
#define MMUEMU_SYS_FVRANGE 320L

#define VRANGE_NOVOLATILE   1 /* VRANGE_NONVOLATILE, as the thread spelt it */
#define VRANGE_ISVOLATILE   2 /* changes nothing: is any of it volatile? */
#define VRANGE_VOLATILE_ANON 3 /* private memory only */
#define VRANGE_VOLATILE_FILE 4 /* shared mappings only */

#define VRANGE_FULL_MODE    0 /* the behavior argument: a wish that changes nothing here */
#define VRANGE_PARTIAL_MODE 1

/* One system call, five arguments. */
static inline long mmuemu_syscall5(long number, long a, long b, long c, long d, long e)
{
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    long rax;
    __asm__ volatile("syscall"
                     : "=a"(rax)
                     : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8)
                     : "rcx", "r11", "memory");
    return rax;
}

/* Marks memory of this process; 1 when bytes made non-volatile were lost, or bytes asked about are volatile, else 0. */
static inline long mvrange(void *start, size_t length, int mode, int behavior)
{
    return mmuemu_syscall4(MMUEMU_SYS_MVRANGE, (long)start, (long)length, mode, behavior);
}

/* Marks bytes of an open file, for everyone; answers as mvrange. */
static inline long fvrange(int fd, size_t offset, size_t length, int mode, int behavior)
{
    return mmuemu_syscall5(MMUEMU_SYS_FVRANGE, fd, (long)offset, (long)length, mode, behavior);
}

#endif
