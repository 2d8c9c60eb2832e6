/*
 * simd-crypto - AES-128-GCM, SHA-1 and SHA-256 over N KiB (default 64), by the processor's own instructions where CPUID
 * names them and by plain C, and both must agree. Standard error tells which instructions were there.
 *
 * Watch: how many instructions each way takes (--stats, with --cpu max and with --cpu v1).
 */
#include <cpuid.h>
#include <immintrin.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint8_t block[16];

static const uint8_t demo_key[16] = "seventeen bytes.";
static uint8_t substitutes[256];

static uint8_t twice(uint8_t x)
{
    return (uint8_t)(x << 1 ^ (x & 0x80 ? 0x1B : 0));
}

static void make_substitutes(void)
{
    uint8_t p = 1, q = 1;
    do {
        p ^= twice(p);
        q ^= q << 1;
        q ^= q << 2;
        q ^= q << 4;
        q ^= q & 0x80 ? 9 : 0;
        substitutes[p] = (uint8_t)(q ^ (q << 1 | q >> 7) ^ (q << 2 | q >> 6) ^ (q << 3 | q >> 5) ^ (q << 4 | q >> 4) ^ 0x63);
    } while (p != 1);
    substitutes[0] = 0x63;
}

static void plain_expand(const block key, block keys[11])
{
    uint8_t round = 1;
    memcpy(keys[0], key, 16);
    for (int i = 1; i < 11; i++, round = twice(round)) {
        for (int j = 0; j < 4; j++) {
            keys[i][j] = keys[i - 1][j] ^ substitutes[keys[i - 1][12 + (j + 1) % 4]];
        }
        keys[i][0] ^= round;
        for (int j = 4; j < 16; j++) {
            keys[i][j] = keys[i - 1][j] ^ keys[i][j - 4];
        }
    }
}

static void plain_encrypt(const block keys[11], const block in, block out)
{
    block state, moved;
    for (int i = 0; i < 16; i++) {
        state[i] = in[i] ^ keys[0][i];
    }
    for (int round = 1; round < 11; round++) {
        for (int i = 0; i < 16; i++) {
            moved[i] = substitutes[state[i * 5 % 16]];
        }
        for (int i = 0; i < 16; i++) {
            const uint8_t *column = moved + (i & ~3);
            uint8_t a = column[i % 4], b = column[(i + 1) % 4], c = column[(i + 2) % 4], d = column[(i + 3) % 4];
            state[i] = (round < 10 ? twice(a) ^ twice(b) ^ b ^ c ^ d : a) ^ keys[round][i];
        }
    }
    memcpy(out, state, 16);
}

static void plain_multiply(block x, const block h)
{
    block sum = {0}, v;
    memcpy(v, h, 16);
    for (int i = 0; i < 128; i++) {
        uint8_t take = (uint8_t)-(x[i / 8] >> (7 - i % 8) & 1), low = v[15] & 1;
        for (int j = 0; j < 16; j++) {
            sum[j] ^= v[j] & take;
        }
        for (int j = 15; j > 0; j--) {
            v[j] = (uint8_t)(v[j] >> 1 | v[j - 1] << 7);
        }
        v[0] = (uint8_t)(v[0] >> 1 ^ (low ? 0xE1 : 0));
    }
    memcpy(x, sum, 16);
}

static uint32_t turn(uint32_t x, int count)
{
    return x << count | x >> (32 - count);
}

static uint32_t big(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void plain_sha1(uint32_t h[5], const uint8_t *data)
{
    uint32_t w[80], a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
    for (int i = 0; i < 80; i++) {
        w[i] = i < 16 ? big(data + 4 * i) : turn(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
        uint32_t f = i < 20 ? (b & c) | (~b & d) : i < 40 || i >= 60 ? b ^ c ^ d : (b & c) | (b & d) | (c & d);
        uint32_t k = i < 20 ? 0x5A827999 : i < 40 ? 0x6ED9EBA1 : i < 60 ? 0x8F1BBCDC : 0xCA62C1D6;
        uint32_t next = turn(a, 5) + f + e + k + w[i];
        e = d, d = c, c = turn(b, 30), b = a, a = next;
    }
    h[0] += a, h[1] += b, h[2] += c, h[3] += d, h[4] += e;
}

static const uint32_t roots[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be,
    0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa,
    0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
    0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
    0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f,
    0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static void plain_sha256(uint32_t h[8], const uint8_t *data)
{
    uint32_t w[64], s[8];
    memcpy(s, h, sizeof s);
    for (int i = 0; i < 64; i++) {
        uint32_t x = i < 16 ? 0 : w[i - 15], y = i < 16 ? 0 : w[i - 2];
        w[i] = i < 16 ? big(data + 4 * i)
                      : w[i - 16] + (turn(x, 25) ^ turn(x, 14) ^ x >> 3) + w[i - 7] + (turn(y, 15) ^ turn(y, 13) ^ y >> 10);
        uint32_t t = s[7] + (turn(s[4], 26) ^ turn(s[4], 21) ^ turn(s[4], 7)) + ((s[4] & s[5]) ^ (~s[4] & s[6])) + roots[i] + w[i];
        uint32_t u = (turn(s[0], 30) ^ turn(s[0], 19) ^ turn(s[0], 10)) + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
        memmove(s + 1, s, 7 * sizeof *s);
        s[4] += t;
        s[0] = t + u;
    }
    for (int i = 0; i < 8; i++) {
        h[i] += s[i];
    }
}

#pragma GCC push_options
#pragma GCC target("aes,pclmul,sha,sse4.1")

static __m128i reversed(__m128i x)
{
    return _mm_shuffle_epi8(x, _mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
}

static __m128i next_key(__m128i key, __m128i assist)
{
    assist = _mm_shuffle_epi32(assist, 0xFF);
    key = _mm_xor_si128(key, _mm_slli_si128(key, 4));
    key = _mm_xor_si128(key, _mm_slli_si128(key, 8));
    return _mm_xor_si128(key, assist);
}

static void native_expand(const block key, block keys[11])
{
    __m128i k = _mm_loadu_si128((const __m128i *)key);
    _mm_storeu_si128((__m128i *)keys[0], k);
#define STEP(i, constant)                                      \
    k = next_key(k, _mm_aeskeygenassist_si128(k, constant));   \
    _mm_storeu_si128((__m128i *)keys[i], k)
    STEP(1, 1);
    STEP(2, 2);
    STEP(3, 4);
    STEP(4, 8);
    STEP(5, 16);
    STEP(6, 32);
    STEP(7, 64);
    STEP(8, 128);
    STEP(9, 27);
    STEP(10, 54);
#undef STEP
}

static void native_encrypt(const block keys[11], const block in, block out)
{
    __m128i state = _mm_xor_si128(_mm_loadu_si128((const __m128i *)in), _mm_loadu_si128((const __m128i *)keys[0]));
    for (int round = 1; round < 10; round++) {
        state = _mm_aesenc_si128(state, _mm_loadu_si128((const __m128i *)keys[round]));
    }
    _mm_storeu_si128((__m128i *)out, _mm_aesenclast_si128(state, _mm_loadu_si128((const __m128i *)keys[10])));
}

static int native_decrypts(const block keys[11], const block in, const block expected)
{
    __m128i state = _mm_xor_si128(_mm_loadu_si128((const __m128i *)in), _mm_loadu_si128((const __m128i *)keys[10]));
    for (int round = 9; round > 0; round--) {
        state = _mm_aesdec_si128(state, _mm_aesimc_si128(_mm_loadu_si128((const __m128i *)keys[round])));
    }
    state = _mm_aesdeclast_si128(state, _mm_loadu_si128((const __m128i *)keys[0]));
    __m128i difference = _mm_xor_si128(state, _mm_loadu_si128((const __m128i *)expected));
    return _mm_testz_si128(difference, difference);
}

static void native_multiply(block x, const block h)
{
    __m128i a = reversed(_mm_loadu_si128((const __m128i *)x)), b = reversed(_mm_loadu_si128((const __m128i *)h));
    __m128i low = _mm_clmulepi64_si128(a, b, 0x00), high = _mm_clmulepi64_si128(a, b, 0x11);
    __m128i middle = _mm_xor_si128(_mm_clmulepi64_si128(a, b, 0x10), _mm_clmulepi64_si128(a, b, 0x01));
    low = _mm_xor_si128(low, _mm_slli_si128(middle, 8));
    high = _mm_xor_si128(high, _mm_srli_si128(middle, 8));

    __m128i carry_low = _mm_srli_epi32(low, 31), carry_high = _mm_srli_epi32(high, 31);
    low = _mm_or_si128(_mm_slli_epi32(low, 1), _mm_slli_si128(carry_low, 4));
    high = _mm_or_si128(_mm_slli_epi32(high, 1), _mm_alignr_epi8(carry_high, carry_low, 12));

    __m128i t = _mm_xor_si128(_mm_xor_si128(_mm_slli_epi32(low, 31), _mm_slli_epi32(low, 30)), _mm_slli_epi32(low, 25));
    low = _mm_xor_si128(low, _mm_slli_si128(t, 12));
    __m128i u = _mm_xor_si128(_mm_xor_si128(_mm_srli_epi32(low, 1), _mm_srli_epi32(low, 2)), _mm_srli_epi32(low, 7));
    u = _mm_xor_si128(_mm_xor_si128(u, _mm_srli_si128(t, 4)), low);
    _mm_storeu_si128((__m128i *)x, reversed(_mm_xor_si128(high, u)));
}

static void native_sha1(uint32_t h[5], const uint8_t *data)
{
    const __m128i order = _mm_set_epi64x(0x0001020304050607, 0x08090a0b0c0d0e0f);
    __m128i state = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)h), 0x1B), first = state;
    __m128i e = _mm_set_epi32((int)h[4], 0, 0, 0), first_e = e, w[4], before = state;
    for (int i = 0; i < 20; i++) {
        if (i < 4) {
            w[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(data + 16 * i)), order);
        } else {
            __m128i sum = _mm_xor_si128(_mm_sha1msg1_epu32(w[i % 4], w[(i + 1) % 4]), w[(i + 2) % 4]);
            w[i % 4] = _mm_sha1msg2_epu32(sum, w[(i + 3) % 4]);
        }
        __m128i words = i == 0 ? _mm_add_epi32(e, w[0]) : _mm_sha1nexte_epu32(before, w[i % 4]);
        before = state;
        state = i < 5    ? _mm_sha1rnds4_epu32(state, words, 0)
                : i < 10 ? _mm_sha1rnds4_epu32(state, words, 1)
                : i < 15 ? _mm_sha1rnds4_epu32(state, words, 2)
                         : _mm_sha1rnds4_epu32(state, words, 3);
    }
    e = _mm_sha1nexte_epu32(before, first_e);
    _mm_storeu_si128((__m128i *)h, _mm_shuffle_epi32(_mm_add_epi32(state, first), 0x1B));
    h[4] = (uint32_t)_mm_extract_epi32(e, 3);
}

static void native_sha256(uint32_t h[8], const uint8_t *data)
{
    const __m128i order = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    __m128i abcd = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)h), 0xB1);
    __m128i efgh = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(h + 4)), 0x1B);
    __m128i abef = _mm_alignr_epi8(abcd, efgh, 8), cdgh = _mm_blend_epi16(efgh, abcd, 0xF0), w[4];
    __m128i first_abef = abef, first_cdgh = cdgh;
    for (int i = 0; i < 16; i++) {
        if (i < 4) {
            w[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(data + 16 * i)), order);
        } else {
            __m128i sum = _mm_sha256msg1_epu32(w[i % 4], w[(i + 1) % 4]);
            sum = _mm_add_epi32(sum, _mm_alignr_epi8(w[(i + 3) % 4], w[(i + 2) % 4], 4));
            w[i % 4] = _mm_sha256msg2_epu32(sum, w[(i + 3) % 4]);
        }
        __m128i words = _mm_add_epi32(w[i % 4], _mm_loadu_si128((const __m128i *)(roots + 4 * i)));
        cdgh = _mm_sha256rnds2_epu32(cdgh, abef, words);
        abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(words, 0x0E));
    }
    abef = _mm_shuffle_epi32(_mm_add_epi32(abef, first_abef), 0x1B);
    cdgh = _mm_shuffle_epi32(_mm_add_epi32(cdgh, first_cdgh), 0xB1);
    _mm_storeu_si128((__m128i *)h, _mm_blend_epi16(abef, cdgh, 0xF0));
    _mm_storeu_si128((__m128i *)(h + 4), _mm_alignr_epi8(cdgh, abef, 8));
}

#pragma GCC pop_options

struct way {
    const char *name;
    void (*expand)(const block, block[11]);
    void (*encrypt)(const block[11], const block, block);
    void (*multiply)(block, const block);
    void (*sha1)(uint32_t[5], const uint8_t *);
    void (*sha256)(uint32_t[8], const uint8_t *);
};

static void absorb(const struct way *way, block hash, const block h, const uint8_t *data, size_t length)
{
    for (size_t i = 0; i < length; i += 16) {
        for (size_t j = 0; j < 16 && i + j < length; j++) {
            hash[j] ^= data[i + j];
        }
        way->multiply(hash, h);
    }
}

/* Encrypts in place; no additional data, a nonce of twelve bytes. */
static void seal(const struct way *way, const block key, const uint8_t nonce[12], uint8_t *data, size_t length, block tag)
{
    block keys[11], h = {0}, counter = {0}, pad, lengths = {0};
    way->expand(key, keys);
    way->encrypt(keys, h, h);
    memcpy(counter, nonce, 12);
    for (size_t i = 0; i < length; i += 16) {
        uint32_t n = (uint32_t)(i / 16 + 2);
        for (int j = 0; j < 4; j++) {
            counter[15 - j] = (uint8_t)(n >> 8 * j);
        }
        way->encrypt(keys, counter, pad);
        for (size_t j = 0; j < 16 && i + j < length; j++) {
            data[i + j] ^= pad[j];
        }
    }
    memset(tag, 0, 16);
    absorb(way, tag, h, data, length);
    for (int j = 0; j < 8; j++) {
        lengths[15 - j] = (uint8_t)((uint64_t)length * 8 >> 8 * j);
    }
    absorb(way, tag, h, lengths, 16);
    memset(counter + 12, 0, 4);
    counter[15] = 1;
    way->encrypt(keys, counter, pad);
    for (int j = 0; j < 16; j++) {
        tag[j] ^= pad[j];
    }
}

static void print_words(const char *name, const uint32_t *words, int count)
{
    printf("%-12s", name);
    for (int i = 0; i < count; i++) {
        printf("%08x", words[i]);
    }
    putchar('\n');
}

static void hash(const struct way *way, const uint8_t *padded, size_t blocks, uint32_t sha1[5], uint32_t sha256[8])
{
    static const uint32_t start1[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
    static const uint32_t start256[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    memcpy(sha1, start1, sizeof start1);
    memcpy(sha256, start256, sizeof start256);
    for (size_t i = 0; i < blocks; i++) {
        way->sha1(sha1, padded + 64 * i);
        way->sha256(sha256, padded + 64 * i);
    }
}

static int run(const struct way *way, const uint8_t *text, size_t length, uint32_t results[17])
{
    static const uint8_t nonce[12] = {0};
    uint8_t abc[64] = "abc\x80", zeros[16] = {0};
    block key = {0}, tag;
    uint8_t *data = malloc(length + 64);
    if (data == NULL) {
        return 0;
    }

    abc[63] = 24;
    hash(way, abc, 1, results, results + 5);
    int good = results[0] == 0xa9993e36 && results[4] == 0x9cd0d89d && results[5] == 0xba7816bf && results[12] == 0xf20015ad;
    seal(way, key, nonce, zeros, 16, tag);
    good &= big(zeros) == 0x0388dace && big(tag) == 0xab6e47d4;

    memcpy(data, text, length);
    memset(data + length, 0, 64);
    data[length] = 0x80;
    for (int i = 0; i < 8; i++) {
        data[length + 63 - i] = (uint8_t)((uint64_t)length * 8 >> 8 * i);
    }
    hash(way, data, length / 64 + 1, results, results + 5);
    seal(way, demo_key, nonce, data, length, tag);
    for (int i = 0; i < 4; i++) {
        results[13 + i] = big(tag + 4 * i);
    }
    free(data);
    fprintf(stderr, "%s: %s\n", way->name, good ? "known answers agree" : "WRONG");
    return good;
}

static int has_instructions(void)
{
    unsigned a, b, c = 0, d, leaf7 = 0;
    __get_cpuid(1, &a, &b, &c, &d);
    if (__get_cpuid_count(7, 0, &a, &b, &d, &d)) {
        leaf7 = b;
    }
    return (c & bit_AES) && (c & bit_PCLMUL) && (c & bit_SSSE3) && (c & bit_SSE4_1) && (leaf7 & bit_SHA);
}

int main(int argc, char **argv)
{
    static const struct way plain = {"plain C", plain_expand, plain_encrypt, plain_multiply, plain_sha1, plain_sha256};
    static const struct way native = {"AES, PCLMULQDQ, SHA", native_expand, native_encrypt, native_multiply, native_sha1, native_sha256};
    size_t length = (argc > 1 ? strtoul(argv[1], NULL, 0) : 64) * 1024;
    uint8_t *text = malloc(length + 1);
    uint32_t results[17], again[17];
    if (text == NULL) {
        return 1;
    }
    for (size_t i = 0; i < length; i++) {
        text[i] = (uint8_t)(i * 2654435761u >> 13);
    }

    make_substitutes();
    int here = has_instructions(), good = run(here ? &native : &plain, text, length, results);
    if (here) {
        block keys[11], out;
        good &= run(&plain, text, length < 4096 ? length : 4096, again);
        good &= run(&native, text, length < 4096 ? length : 4096, results + 0) && memcmp(results, again, sizeof again) == 0;
        native_expand(demo_key, keys);
        plain_encrypt(keys, demo_key, out);
        good &= native_decrypts((const block *)keys, out, demo_key);
        good &= run(&native, text, length, results);
    }
    printf("%zu bytes: %s\n", length, good ? "all agree" : "DIFFERENT");
    print_words("SHA-1", results, 5);
    print_words("SHA-256", results + 5, 8);
    print_words("GCM tag", results + 13, 4);
    free(text);
    return !good;
}
