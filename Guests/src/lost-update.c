/*
 * lost-update - four threads count without a lock, and lose updates.
 *
 * A load, an addition and a store are three instructions; what another thread stores between them is overwritten. How
 * many updates are lost depends on where the turns of the processors end: other seeds lose others, but one seed always
 * loses the same ones. That is what makes a race debuggable here.
 *
 * Watch: the number under --cpus 4 --seed 1, 2, 3 ...; --quantum 1 loses most.
 */
#include <pthread.h>
#include <stdio.h>

#include "mmuemu.h"

enum { THREADS = 4, COUNTS = 5000 };

static volatile long counter;

static void *count(void *argument)
{
    for (int i = 0; i < COUNTS; i++) {
        counter = counter + 1;
    }
    return argument;
}

int main(void)
{
    pthread_t threads[THREADS];
    mmuemu_require();
    for (int i = 0; i < THREADS; i++) {
        pthread_create(&threads[i], NULL, count, NULL);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    printf("%d counted, %ld lost\n", THREADS * COUNTS, THREADS * COUNTS - counter);
    return 0;
}
