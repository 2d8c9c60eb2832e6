using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Timing;

/// <summary>Where the walker's reads enter the caches.</summary>
public enum WalkerPort : byte
{
    /// <summary>At the first-level data cache.</summary>
    L1,

    /// <summary>At the second level.</summary>
    L2,

    /// <summary>Nowhere: a walk costs nothing.</summary>
    Free,
}

/// <summary>The caches of one core, by physical line; data, fetches and page-table reads compete in them.</summary>
internal sealed class CacheHierarchy(CacheSystem system)
{
    private readonly CacheArray _code = new(system.Code);
    private readonly CacheArray _data = new(system.Data);
    private readonly CacheArray _second = new(system.Second);
    private readonly CacheArray _third = new(system.Third);
    private readonly ThirdLevelFill _fill = system.ThirdFill;

    /// <summary>The line that holds <paramref name="address"/>.</summary>
    public static ulong LineOf(PhysAddr address) => address.Raw >> 6;

    /// <summary>A data read or write; the line is in the first level afterwards.</summary>
    public CacheLevel Data(ulong line) => Through(_data, line);

    /// <summary>A fetch; the line is in the first-level code cache afterwards.</summary>
    public CacheLevel Code(ulong line) => Through(_code, line);

    /// <summary>A read by a walker that enters at the second level.</summary>
    public CacheLevel BelowFirst(ulong line)
    {
        if (_second.TryTouch(line))
        {
            return CacheLevel.L2;
        }

        CacheLevel served = _third.TryTouch(line) ? CacheLevel.L3 : CacheLevel.Memory;
        FillSecond(line, served);
        return served;
    }

    /// <summary>Its state as a value; <paramref name="last"/> is an earlier one to share with.</summary>
    internal CachesImage Save(CachesImage? last) =>
        new(_code.Save(last?.Code), _data.Save(last?.Data), _second.Save(last?.Second), _third.Save(last?.Third));

    /// <summary>Takes that state again.</summary>
    internal void Restore(CachesImage image)
    {
        _code.Restore(image.Code);
        _data.Restore(image.Data);
        _second.Restore(image.Second);
        _third.Restore(image.Third);
    }

    private CacheLevel Through(CacheArray first, ulong line)
    {
        if (first.TryTouch(line))
        {
            return CacheLevel.L1;
        }

        CacheLevel served = BelowFirst(line);
        _ = first.Insert(line, out _);
        return served;
    }

    private void FillSecond(ulong line, CacheLevel served)
    {
        bool left = _second.Insert(line, out ulong evicted);
        if (_fill == ThirdLevelFill.OnMiss)
        {
            if (served == CacheLevel.Memory)
            {
                _ = _third.Insert(line, out _);
            }

            return;
        }

        if (served == CacheLevel.L3)
        {
            _third.Remove(line);
        }

        if (left && !_third.TryTouch(evicted))
        {
            _ = _third.Insert(evicted, out _);
        }
    }
}
