/*
 * libc-mix - a tour through the C library: doubles in text and back, the heap, qsort, setjmp, signals, strings.
 *
 * Built twice, with glibc and with musl. Nothing in its output depends on time, addresses or the environment, so it must
 * print under MmuEmu what it prints natively.
 *
 * Watch: how differently the two libraries use memory for the same work (--strace, --stats).
 */
#include <ctype.h>
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Keeps the compiler from working results out itself. */
static double hide(double value)
{
    volatile double hidden = value;
    return hidden;
}

static void doubles(void)
{
    static const double values[] = {
        0.0, -0.0, 1.0, -1.5, 1.0 / 3, 2.0 / 3, 0.1, 123456789.0, 1e15, 1e16, 9007199254740993.0, 1e100, 1e-5, 1e-300,
        DBL_MIN, DBL_MAX, DBL_EPSILON, 5e-324, 3.14159265358979323846, 2.5, 3.5, 999999.5, 0.00012345, INFINITY, -INFINITY,
    };
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        double v = hide(values[i]);
        printf("%g %e %.17g %a %.3f %+012.4f|%-14.6g|%#.0f\n", v, v, v, v, v > 1e20 ? 1.0 : v, v > 1e20 ? -1.0 : v, v,
               v > 1e20 ? 0.0 : v);
    }
    double nan = hide(0.0) / hide(0.0);
    printf("nan: %s, sqrt %.17g, floor %g, ceil %g, fmod %g, int %d, long %lld, unsigned %llu, float %.9g\n",
           isnan(nan) ? "yes" : "no", sqrt(hide(2)), floor(hide(-2.5)), ceil(hide(2.1)), fmod(hide(17.5), hide(5)),
           (int)hide(-7.9), (long long)hide(1e18), (unsigned long long)hide(1.5e19), (double)(float)hide(0.1));

    double sum = 0, product = 1;
    for (int i = 1; i <= 1000; i++) {
        sum += 1 / hide(i);
        product *= 1 + 1 / (hide(i) * hide(i));
    }
    printf("sum %.15f, product %.15f, pow %.12g, exp %.12g, log %.12g, sin %.12g\n", sum, product, pow(hide(1.1), hide(30)),
           exp(hide(2.5)), log(hide(10)), sin(hide(0.5)));
}

static void numbers_from_text(void)
{
    static const char *const texts[] = { "3.25", "-1e10", "  0x1.8p3 rest", "1e400", "inf", "0.1", "2.2250738585072011e-308",
                                         "123456789012345678901234567890", "abc", ".5.", "1e-400" };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char *end;
        double value = strtod(texts[i], &end);
        printf("strtod %s: %.17g, rest '%s'\n", texts[i], value, end);
    }
    printf("strtol %ld %ld %ld", strtol("  -0777", NULL, 0), strtol("0xffz", NULL, 0), strtol("zz", NULL, 36));
    printf(" %ld %lu\n", strtol("9223372036854775808", NULL, 10), strtoul("-1", NULL, 10));

    int a = 0, b = 0;
    char word[16];
    float f = 0;
    int found = sscanf("12 abc 0x1f 2.5", "%d %15s %x %f", &a, word, (unsigned *)&b, &f);
    printf("sscanf: %d items: %d %s %d %g\n", found, a, word, b, (double)f);
}

static void integers(void)
{
    printf("%d %+d %05d %-5d| %x %#X %o %c %% %s %.3s %*d %lld %zu\n", -42, 42, 42, 42, 255u, 255u, 8u, 'c', "text",
           "truncated", 6, 7, (long long)INT64_MIN, (size_t)-1);
    char small[8];
    const char *volatile format = "%s-%d";
    int wanted = snprintf(small, sizeof small, format, "abcdef", 12345);
    printf("snprintf wanted %d, gave '%s'\n", wanted, small);
}

static void heap(void)
{
    enum { BLOCKS = 200 };
    unsigned char *blocks[BLOCKS];
    size_t sizes[BLOCKS], wrong = 0;
    uint32_t state = 7;
    for (size_t i = 0; i < BLOCKS; i++) {
        state = state * 1664525 + 1013904223;
        sizes[i] = state >> (i % 40 == 0 ? 12 : 20);
        blocks[i] = malloc(sizes[i] + 1);
        memset(blocks[i], (int)i, sizes[i]);
        wrong += ((uintptr_t)blocks[i] & 15) != 0;
    }
    for (size_t i = 0; i < BLOCKS; i += 3) {
        free(blocks[i]);
        blocks[i] = NULL;
    }
    for (size_t i = 1; i < BLOCKS; i += 3) {
        blocks[i] = realloc(blocks[i], sizes[i] * 3 + 1);
    }
    uint64_t sum = 0;
    for (size_t i = 0; i < BLOCKS; i++) {
        for (size_t j = 0; blocks[i] != NULL && j < sizes[i]; j++) {
            wrong += blocks[i][j] != (unsigned char)i;
            sum += blocks[i][j];
        }
        free(blocks[i]);
    }
    unsigned char *zeros = calloc(1000, 1000);
    for (size_t i = 0; i < 1000000; i += 997) {
        wrong += zeros[i];
    }
    free(zeros);
    void *aligned = NULL;
    wrong += posix_memalign(&aligned, 65536, 100) != 0 || ((uintptr_t)aligned & 65535) != 0;
    free(aligned);
    printf("heap: sum %llu, wrong %zu, malloc of half the address space: %s\n", (unsigned long long)sum, wrong,
           malloc((size_t)hide(4e18)) == NULL ? "refused" : "granted");
}

static int by_length_then_text(const void *left, const void *right)
{
    const char *a = *(const char *const *)left, *b = *(const char *const *)right;
    size_t la = strlen(a), lb = strlen(b);
    return la != lb ? (la > lb) - (la < lb) : strcmp(a, b);
}

static void sorting(void)
{
    const char *words[] = { "pear", "fig", "banana", "kiwi", "apple", "date", "cherry", "plum", "grape", "lime", "melon" };
    size_t count = sizeof words / sizeof *words;
    qsort(words, count, sizeof *words, by_length_then_text);
    for (size_t i = 0; i < count; i++) {
        printf("%s%s", i ? " " : "sorted: ", words[i]);
    }
    const char *key = "cherry";
    const char **hit = bsearch(&key, words, count, sizeof *words, by_length_then_text);
    printf("; cherry is number %td\n", hit == NULL ? (ptrdiff_t)-1 : hit - words);
}

static void strings(void)
{
    char text[] = "the quick brown fox jumps over the lazy dog";
    char copy[64];
    strcpy(copy, text);
    int count = 0;
    for (char *word = strtok(copy, " "); word != NULL; word = strtok(NULL, " ")) {
        word[0] = (char)toupper((unsigned char)word[0]);
        printf("%s%s", count++ ? "-" : "words: ", word);
    }
    printf(" (%d)\n", count);
    printf("strstr %td, strchr %td, strrchr %td, strspn %zu, strcspn %zu, memchr %td, strpbrk %td\n", strstr(text, "fox") - text,
           strchr(text, 'q') - text, strrchr(text, 'o') - text, strspn(text, "eht "), strcspn(text, "j"),
           (char *)memchr(text, 'z', sizeof text) - text, strpbrk(text, "xyz") - text);

    /* Every length and alignment near a page's worth, where vector code has its corners. */
    static unsigned char from[512], to[512];
    size_t wrong = 0;
    for (size_t offset = 0; offset < 33; offset++) {
        for (size_t length = 0; length < 200; length++) {
            for (size_t i = 0; i < sizeof from; i++) {
                from[i] = (unsigned char)(i * 7 + length);
                to[i] = 0xEE;
            }
            memcpy(to + 64, from + offset, length);
            wrong += memcmp(to + 64, from + offset, length) != 0 || to[63] != 0xEE || to[64 + length] != 0xEE;
            memmove(from + offset + 3, from + offset, length);
            wrong += memcmp(to + 64, from + offset + 3, length) != 0;
            memset(to + offset, 'x', length);
            to[offset + length] = 0;
            wrong += strlen((char *)to + offset) != length;
        }
    }
    printf("copies that went wrong: %zu\n", wrong);
}

static jmp_buf landing;

static void jump_from_below(volatile int depth)
{
    if (depth > 0) {
        jump_from_below(depth - 1);
    }
    if (depth == 0) {
        longjmp(landing, 42);
    }
}

static void jumps(void)
{
    volatile int kept = 5;
    int value = setjmp(landing);
    if (value == 0) {
        kept = 6;
        jump_from_below(20);
    }
    printf("longjmp brought %d, the local is %d\n", value, kept);
}

static volatile sig_atomic_t caught[3];

static void count_signal(int signal)
{
    caught[signal == SIGUSR1 ? 0 : signal == SIGUSR2 ? 1 : 2]++;
}

static sigjmp_buf signal_landing;

static void jump_out(int signal)
{
    siglongjmp(signal_landing, signal);
}

static void signals(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = count_signal;
    sigaction(SIGUSR1, &action, NULL);
    sigaction(SIGUSR2, &action, NULL);

    raise(SIGUSR1);
    sigset_t block, pending, old;
    sigemptyset(&block);
    sigaddset(&block, SIGUSR2);
    sigprocmask(SIG_BLOCK, &block, &old);
    raise(SIGUSR2);
    raise(SIGUSR2);
    sigpending(&pending);
    int before = caught[1];
    sigprocmask(SIG_SETMASK, &old, NULL);
    printf("signals: USR1 %d, USR2 %d while blocked (pending: %d), %d after\n", (int)caught[0], before,
           sigismember(&pending, SIGUSR2), (int)caught[1]);

    action.sa_handler = jump_out;
    sigaction(SIGSEGV, &action, NULL);
    int from = sigsetjmp(signal_landing, 1);
    if (from == 0) {
        int *volatile nowhere = NULL;
        *nowhere = 1;
    }
    sigprocmask(SIG_SETMASK, NULL, &old);
    printf("left a handler with siglongjmp: %s, mask restored: %s\n", from == SIGSEGV ? "yes" : "no",
           sigismember(&old, SIGSEGV) ? "no" : "yes");
    signal(SIGUSR1, SIG_IGN);
    printf("raise of an ignored signal: %d\n", raise(SIGUSR1));
}

static void at_the_end(void)
{
    printf("atexit ran\n");
}

int main(void)
{
    atexit(at_the_end);
    doubles();
    numbers_from_text();
    integers();
    heap();
    sorting();
    strings();
    jumps();
    signals();
    return 21;
}
