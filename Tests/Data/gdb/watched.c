#include <stdio.h>
#include <string.h>

volatile int shared = 1;
volatile long table[4];
char text[64];

static int add(int a, int b)
{
    int sum = a + b;
    shared = sum;
    return sum;
}

static int loop(int n)
{
    int all = 0;
    for (int i = 0; i < n; i++)
    {
        all += add(i, shared);
        table[i & 3] += i;
    }

    return all;
}

int main(void)
{
    int all = loop(6);
    all += shared;
    all += (int)table[1];
    memset(text, 'x', 40);
    printf("%d %s\n", all, text);
    return all & 7;
}
