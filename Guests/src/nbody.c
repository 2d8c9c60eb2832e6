/*
 * nbody - five bodies under gravity, in scalar doubles: the energy before and after. Arguments: steps (default 2000).
 *
 * Watch: nearly every instruction is SSE2 arithmetic; --cpu v1 is enough.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { BODIES = 5 };

struct body {
    double x[3], v[3], mass;
};

/* Sun and four giants; lengths in astronomical units, times in years, masses in suns; rounded. */
static struct body bodies[BODIES] = {
    {{0, 0, 0}, {0, 0, 0}, 1},
    {{4.841, -1.160, -0.1036}, {0.606, 2.812, -0.0252}, 0.000954},
    {{8.343, 4.125, -0.4035}, {-1.011, 1.826, 0.00842}, 0.000286},
    {{12.894, -15.111, -0.2233}, {1.083, 0.868, -0.01083}, 0.0000437},
    {{15.380, -25.919, 0.1793}, {0.979, 0.594, -0.03476}, 0.0000515},
};

static double energy(double g)
{
    double sum = 0;
    for (int i = 0; i < BODIES; i++) {
        const struct body *a = &bodies[i];
        sum += a->mass * (a->v[0] * a->v[0] + a->v[1] * a->v[1] + a->v[2] * a->v[2]) / 2;
        for (int j = i + 1; j < BODIES; j++) {
            const struct body *b = &bodies[j];
            double d[3] = {a->x[0] - b->x[0], a->x[1] - b->x[1], a->x[2] - b->x[2]};
            sum -= g * a->mass * b->mass / sqrt(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
        }
    }
    return sum;
}

static void step(double g, double dt)
{
    for (int i = 0; i < BODIES; i++) {
        struct body *a = &bodies[i];
        for (int j = i + 1; j < BODIES; j++) {
            struct body *b = &bodies[j];
            double d[3] = {a->x[0] - b->x[0], a->x[1] - b->x[1], a->x[2] - b->x[2]};
            double square = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
            double pull = g * dt / (square * sqrt(square));
            for (int k = 0; k < 3; k++) {
                a->v[k] -= d[k] * b->mass * pull;
                b->v[k] += d[k] * a->mass * pull;
            }
        }
    }
    for (int i = 0; i < BODIES; i++) {
        for (int k = 0; k < 3; k++) {
            bodies[i].x[k] += dt * bodies[i].v[k];
        }
    }
}

int main(int argc, char **argv)
{
    unsigned long steps = argc > 1 ? strtoul(argv[1], NULL, 0) : 2000;
    const double g = 39.47841760435743;

    printf("energy %.9f", energy(g));
    for (unsigned long i = 0; i < steps; i++) {
        step(g, 0.01);
    }
    printf(", after %lu steps %.9f; the sun is at (%.9f, %.9f, %.9f)\n", steps, energy(g), bodies[0].x[0], bodies[0].x[1], bodies[0].x[2]);
    return 0;
}
