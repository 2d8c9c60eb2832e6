/*
 * pixels-avx2 - a picture brightened, blurred, looked up and turned, 32 bytes at a time. Arguments: rounds (default 20).
 *
 * Watch: needs AVX2 (--cpu v3 has it); 256-bit integer and single-precision instructions, gathers, masked stores, permutations.
 */
#pragma GCC target("avx2")
#include <cpuid.h>
#include <immintrin.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { WIDTH = 256, HEIGHT = 64, PIXELS = WIDTH * HEIGHT };

static uint8_t picture[PIXELS + 64] __attribute__((aligned(32)));
static uint8_t other[PIXELS + 64] __attribute__((aligned(32)));
static float curve[256];
static float light[PIXELS] __attribute__((aligned(32)));

static int has_avx2(void)
{
    unsigned a, b, c, d;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_AVX2) != 0;
}

static void brighten(uint8_t by)
{
    __m256i more = _mm256_set1_epi8((char)by);
    for (int i = 0; i < PIXELS; i += 32) {
        __m256i *at = (__m256i *)(picture + i);
        _mm256_store_si256(at, _mm256_adds_epu8(_mm256_load_si256(at), more));
    }
}

/* Mean of each pixel and its neighbours left and right: loads that are aligned and two that are not. */
static void blur(void)
{
    for (int i = 32; i < PIXELS - 32; i += 32) {
        __m256i left = _mm256_loadu_si256((__m256i *)(picture + i - 1));
        __m256i right = _mm256_loadu_si256((__m256i *)(picture + i + 1));
        __m256i here = _mm256_load_si256((__m256i *)(picture + i));
        _mm256_store_si256((__m256i *)(other + i), _mm256_avg_epu8(here, _mm256_avg_epu8(left, right)));
    }
    for (int i = 32; i < PIXELS - 32; i += 32) {
        _mm256_store_si256((__m256i *)(picture + i), _mm256_load_si256((__m256i *)(other + i)));
    }
}

/* Eight pixels at a time through a table, scaled; only those above the threshold are stored. */
static void expose(float scale, float threshold)
{
    for (int i = 0; i < PIXELS; i += 8) {
        __m256i index = _mm256_cvtepu8_epi32(_mm_loadl_epi64((__m128i *)(picture + i)));
        __m256 value = _mm256_mul_ps(_mm256_i32gather_ps(curve, index, 4), _mm256_set1_ps(scale));
        __m256 mask = _mm256_cmp_ps(value, _mm256_set1_ps(threshold), _CMP_GT_OQ);
        _mm256_maskstore_ps(light + i, _mm256_castps_si256(mask), _mm256_sqrt_ps(value));
    }
}

/* Reverses every run of eight doublewords and rotates their bits by amounts of their own. */
static void turn(void)
{
    const __m256i back = _mm256_setr_epi32(7, 6, 5, 4, 3, 2, 1, 0), by = _mm256_setr_epi32(1, 3, 5, 7, 9, 11, 13, 15);
    for (int i = 0; i < PIXELS; i += 32) {
        __m256i x = _mm256_permutevar8x32_epi32(_mm256_load_si256((__m256i *)(picture + i)), back);
        __m256i rest = _mm256_srlv_epi32(x, _mm256_sub_epi32(_mm256_set1_epi32(32), by));
        _mm256_store_si256((__m256i *)(picture + i), _mm256_or_si256(_mm256_sllv_epi32(x, by), rest));
    }
}

static uint64_t sum(void)
{
    __m256i total = _mm256_setzero_si256();
    for (int i = 0; i < PIXELS; i += 32) {
        total = _mm256_add_epi64(total, _mm256_sad_epu8(_mm256_load_si256((__m256i *)(picture + i)), _mm256_setzero_si256()));
    }
    __m128i half = _mm_add_epi64(_mm256_castsi256_si128(total), _mm256_extracti128_si256(total, 1));
    return (uint64_t)_mm_extract_epi64(half, 0) + (uint64_t)_mm_extract_epi64(half, 1);
}

int main(int argc, char **argv)
{
    unsigned long rounds = argc > 1 ? strtoul(argv[1], NULL, 0) : 20;
    if (!has_avx2()) {
        puts("this processor has no AVX2");
        return 3;
    }

    for (int i = 0; i < PIXELS; i++) {
        picture[i] = (uint8_t)(i * 7 + (i >> 8) * 13);
    }
    for (int i = 0; i < 256; i++) {
        curve[i] = (float)(i * i) / 255;
    }
    for (unsigned long i = 0; i < rounds; i++) {
        brighten((uint8_t)(i % 5));
        blur();
        expose(0.5f + (float)(i % 3), 20);
        turn();
    }

    double lit = 0;
    for (int i = 0; i < PIXELS; i++) {
        lit += light[i];
    }
    printf("%lu rounds: sum %lu, light %.3f\n", rounds, (unsigned long)sum(), lit);
    return 0;
}
