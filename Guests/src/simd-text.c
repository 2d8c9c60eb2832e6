/*
 * simd-text - searches N KiB (default 32) of text with the string instructions of SSE4.2, each answer beside one of plain C.
 *
 * Watch: sixteen bytes per instruction (--stats).
 */
#include <cpuid.h>
#include <immintrin.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#pragma GCC push_options
#pragma GCC target("sse4.2")

enum { ANY = _SIDD_CMP_EQUAL_ANY, RANGES = _SIDD_CMP_RANGES, EACH = _SIDD_CMP_EQUAL_EACH, ORDERED = _SIDD_CMP_EQUAL_ORDERED };

static __m128i at(const void *p)
{
    return _mm_loadu_si128(p);
}

/* Offset of the first of `letters` (at most 16), or the length. */
static size_t find_any(const char *text, size_t length, const char *letters)
{
    __m128i set = _mm_setzero_si128();
    memcpy(&set, letters, strlen(letters));
    for (size_t i = 0; i < length; i += 16) {
        int rest = length - i < 16 ? (int)(length - i) : 16;
        if (_mm_cmpestrc(set, (int)strlen(letters), at(text + i), rest, ANY)) {
            return i + (size_t)_mm_cmpestri(set, (int)strlen(letters), at(text + i), rest, ANY);
        }
    }
    return length;
}

/* Bytes within the ranges: two bounds each. */
static size_t count_in(const char *text, size_t length, const char *bounds)
{
    __m128i set = _mm_setzero_si128();
    size_t count = 0;
    memcpy(&set, bounds, strlen(bounds));
    for (size_t i = 0; i < length; i += 16) {
        int rest = length - i < 16 ? (int)(length - i) : 16;
        __m128i mask = _mm_cmpestrm(set, (int)strlen(bounds), at(text + i), rest, RANGES);
        count += (size_t)__builtin_popcount((unsigned)_mm_cvtsi128_si32(mask));
    }
    return count;
}

/* Occurrences of a word of at most 16 bytes; a candidate that crosses the vector's end is looked at from its start. */
static size_t count_words(const char *text, size_t length, const char *word)
{
    __m128i needle = _mm_setzero_si128();
    int wide = (int)strlen(word);
    size_t count = 0, i = 0;
    memcpy(&needle, word, (size_t)wide);
    while (i < length) {
        int rest = length - i < 16 ? (int)(length - i) : 16;
        int where = _mm_cmpestri(needle, wide, at(text + i), rest, ORDERED);
        if (where == 16 || where >= rest) {
            i += 16;
        } else if (where == 0) {
            count++;
            i++;
        } else {
            i += (size_t)where;
        }
    }
    return count;
}

/* strcmp's sign, sixteen bytes at a time. */
static int compare(const char *a, const char *b)
{
    for (;; a += 16, b += 16) {
        __m128i x = at(a), y = at(b);
        if (_mm_cmpistrc(x, y, EACH | _SIDD_NEGATIVE_POLARITY)) {
            int i = _mm_cmpistri(x, y, EACH | _SIDD_NEGATIVE_POLARITY);
            return (unsigned char)a[i] < (unsigned char)b[i] ? -1 : 1;
        }
        if (_mm_cmpistrz(x, y, EACH | _SIDD_NEGATIVE_POLARITY)) {
            return 0;
        }
    }
}

/* 16-bit units outside the surrogates, by the last index of runs; signed words compare as numbers. */
static size_t count_units(const uint16_t *text, size_t length)
{
    static const uint16_t bounds[8] = {0x0000, 0xD7FF, 0xE000, 0xFFFF};
    size_t count = 0;
    for (size_t i = 0; i < length; i += 8) {
        int rest = length - i < 8 ? (int)(length - i) : 8;
        __m128i mask = _mm_cmpestrm(at(bounds), 4, at(text + i), rest, RANGES | _SIDD_UWORD_OPS | _SIDD_UNIT_MASK);
        count += (size_t)__builtin_popcount((unsigned)_mm_movemask_epi8(mask)) / 2;
    }
    return count;
}

#pragma GCC pop_options

static void report(const char *what, size_t ours, size_t plain)
{
    printf("%-28s %7zu  %s\n", what, ours, ours == plain ? "as in plain C" : "DIFFERENT");
}

int main(int argc, char **argv)
{
    static const char *words[] = {"page", "table", "walk", "entry", "frame", "fault,", "TLB", "swap.", "\n", "pagepage", "vma", "0x1F"};
    size_t length = (argc > 1 ? strtoul(argv[1], NULL, 0) : 32) * 1024, used = 0;
    char *text = calloc(length + 64, 1);
    if (text == NULL) {
        return 1;
    }
    unsigned a, b, c = 0, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_SSE4_2)) {
        fprintf(stderr, "needs SSE4.2\n");
        return 77;
    }

    uint32_t state = 12345;
    while (used + 12 < length) {
        state = state * 1103515245 + 12345;
        const char *word = words[(state >> 16) % 12];
        used += (size_t)sprintf(text + used, "%s%s", word, state & 0x400000 ? " " : "");
    }

    size_t plain = 0;
    for (size_t i = 0; i < used; i++) {
        plain += (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'A' && text[i] <= 'Z');
    }
    report("digits and capitals", count_in(text, used, "09AZ"), plain);

    plain = 0;
    for (const char *p = text; (p = strstr(p, "page")) != NULL; p++) {
        plain++;
    }
    report("words \"page\"", count_words(text, used, "page"), plain);
    plain = 0;
    for (const char *p = text; (p = strstr(p, "epage ")) != NULL; p++) {
        plain++;
    }
    report("words \"epage \"", count_words(text, used, "epage "), plain);

    size_t ours = 0;
    plain = 0;
    for (size_t i = 0; i < used; i += find_any(text + i, used - i, ",.\n") + 1) {
        ours += i;
    }
    for (size_t i = 0; i < used; i += strcspn(text + i, ",.\n") + 1) {
        plain += i;
    }
    report("where the sentences begin", ours, plain);

    ours = plain = 0;
    for (size_t i = 0; i + 200 < used; i += 37) {
        char copy[240];
        snprintf(copy, sizeof copy, "%.*s", (int)(i % 90), text + i);
        char *end = copy + strlen(copy);
        memset(end + 1, 'x', (size_t)(copy + sizeof copy - end - 1));
        end[0] = i % 3 ? end[0] : (char)(i % 5 ? text[i + (i % 90)] : 0xE9);
        end[1] = i % 3 ? end[1] : 0;
        char other[240];
        snprintf(other, sizeof other, "%.*s", (int)(i % 90), text + i);
        ours = ours * 3 + (size_t)(compare(copy, other) + 1);
        int sign = strcmp(copy, other);
        plain = plain * 3 + (size_t)((sign > 0) - (sign < 0) + 1);
    }
    report("comparisons", ours % 1000003, plain % 1000003);

    plain = 0;
    uint16_t *units = calloc(length / 2 + 16, sizeof *units);
    if (units == NULL) {
        return 1;
    }
    for (size_t i = 0; i < length / 2; i++) {
        units[i] = (uint16_t)(i * 40503 + 7);
        plain += units[i] < 0xD800 || units[i] > 0xDFFF;
    }
    report("UTF-16 units, no surrogates", count_units(units, length / 2), plain);
    free(units);
    free(text);
    return 0;
}
