using System.Runtime.CompilerServices;

using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Timing;

/// <summary>Cycles by owner; their sum is the cycle count of the run, exactly (C-901).</summary>
public struct CpiStack
{
    /// <summary>Number of buckets.</summary>
    public const int BucketCount = (int)CpiBucket.Device + 1;

    private Buckets _cycles;

    /// <summary>Cycles owned by <paramref name="bucket"/>.</summary>
    public readonly Cycles this[CpiBucket bucket] => new(_cycles[(int)bucket]);

    /// <summary>The sum of all buckets.</summary>
    public readonly Cycles Total
    {
        get
        {
            ulong sum = 0;
            for (int i = 0; i < BucketCount; i++)
            {
                sum += _cycles[i];
            }

            return new Cycles(sum);
        }
    }

    internal void Add(CpiBucket bucket, ulong cycles) => _cycles[(int)bucket] += cycles;

    [InlineArray(BucketCount)]
    private struct Buckets
    {
        private ulong _first;
    }
}
