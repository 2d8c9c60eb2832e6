/*
 * checksum - CRC-32 (a table of 1 KiB) and Adler-32 over the same buffer, N times. Arguments: N (default 10).
 *
 * Watch: one load of data and one of the table per byte (--stats).
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { LENGTH = 1 << 18 };

static uint32_t table[256];
static unsigned char buffer[LENGTH];

static void make_table(void)
{
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t crc = i;
        for (int bit = 0; bit < 8; bit++) {
            crc = crc & 1 ? crc >> 1 ^ 0xEDB88320 : crc >> 1;
        }
        table[i] = crc;
    }
}

static uint32_t crc32(uint32_t crc)
{
    crc = ~crc;
    for (size_t i = 0; i < LENGTH; i++) {
        crc = crc >> 8 ^ table[(crc ^ buffer[i]) & 0xFF];
    }
    return ~crc;
}

static uint32_t adler32(uint32_t adler)
{
    uint32_t a = adler & 0xFFFF, b = adler >> 16;
    for (size_t i = 0; i < LENGTH; i++) {
        a = (a + buffer[i]) % 65521;
        b = (b + a) % 65521;
    }
    return b << 16 | a;
}

int main(int argc, char **argv)
{
    long rounds = argc > 1 ? atol(argv[1]) : 10;
    make_table();
    uint32_t state = 1;
    for (size_t i = 0; i < LENGTH; i++) {
        state = state * 1103515245 + 12345;
        buffer[i] = (unsigned char)(state >> 16);
    }

    uint32_t crc = 0, adler = 1;
    for (long round = 0; round < rounds; round++) {
        crc = crc32(crc);
        adler = adler32(adler);
    }
    printf("%ld rounds of %d bytes: crc32 %08x, adler32 %08x\n", rounds, LENGTH, crc, adler);
    return 0;
}
