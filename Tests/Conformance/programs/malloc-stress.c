// Random malloc, calloc, realloc, memalign and free; every block is filled with a pattern and checked before it goes.
// With THREADS defined, that many threads do it at once and pass blocks to each other.
#include <malloc.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef THREADS
#define THREADS 1
#endif
#define SLOTS 512
#define ROUNDS 6000

struct block
{
    unsigned char *at;
    size_t size;
    unsigned char fill;
};

static struct block shared[SLOTS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void check(const struct block *b)
{
    for (size_t i = 0; i < b->size; i++)
    {
        if (b->at[i] != b->fill)
        {
            printf("block of %zu bytes is damaged at %zu\n", b->size, i);
            exit(1);
        }
    }
}

static size_t size_from(uint64_t x)
{
    switch (x >> 60 & 7)
    {
        case 0: return 1 + (x >> 20) % 200000;
        case 1: case 2: return 1 + (x >> 20) % 5000;
        default: return 1 + (x >> 20) % 200;
    }
}

static void *work(void *arg)
{
    struct block own[SLOTS] = {0};
    uint64_t x = 88172645463325252ull + (uintptr_t)arg * 7919, sum = 0;
    for (int i = 0; i < ROUNDS; i++)
    {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        struct block *b = &own[x % SLOTS];
        size_t size = size_from(x);
        if (b->at)
        {
            check(b);
            sum += b->size;
        }

        if (b->at && (x >> 40 & 3) == 0)
        {
            size_t kept = size < b->size ? size : b->size;
            b->at = realloc(b->at, size);
            for (size_t k = 0; k < kept; k++)
            {
                if (b->at[k] != b->fill)
                {
                    printf("realloc lost byte %zu\n", k);
                    exit(1);
                }
            }
        }
        else
        {
            free(b->at);
            size_t alignment = (size_t)16 << (x >> 44 & 7);
            b->at = (x >> 42 & 7) == 0 ? memalign(alignment, size) : (x >> 42 & 7) == 1 ? calloc(size, 1) : malloc(size);
            if ((x >> 42 & 7) == 0 && ((uintptr_t)b->at & (alignment - 1)))
            {
                printf("memalign(%zu) is misaligned\n", alignment);
                exit(1);
            }
        }

        b->size = size;
        b->fill = (unsigned char)(x >> 8);
        memset(b->at, b->fill, size);
        if (THREADS > 1 && (i & 15) == 0)
        {
            pthread_mutex_lock(&lock);
            struct block other = shared[x >> 9 & (SLOTS - 1)];
            shared[x >> 9 & (SLOTS - 1)] = *b;
            *b = other;
            pthread_mutex_unlock(&lock);
        }
    }

    for (int i = 0; i < SLOTS; i++)
    {
        if (own[i].at)
        {
            check(&own[i]);
            free(own[i].at);
        }
    }

    *(uint64_t *)arg = sum;
    return NULL;
}

int main(void)
{
    pthread_t threads[THREADS];
    static uint64_t results[THREADS];
    for (int i = 1; i < THREADS; i++)
    {
        if (pthread_create(&threads[i], NULL, work, &results[i]) != 0)
        {
            printf("no thread %d\n", i);
            return 1;
        }
    }

    work(&results[0]);
    for (int i = 1; i < THREADS; i++)
    {
        pthread_join(threads[i], NULL);
    }

    printf("%d threads, every block whole\n", THREADS);
    if (THREADS == 1)
    {
        printf("%llu bytes checked\n", (unsigned long long)results[0]);
    }

    return 0;
}
