using System.Globalization;
using System.Runtime.CompilerServices;
using MmuEmu.Debugger;
using MmuEmu.Debugger.Sessions;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using Xunit.Sdk;

namespace MmuEmu.Tests.Builders;

/// <summary>What really ran in a test: versions of the kernel, entry formats, page sizes, threads and processors.</summary>
/// <remarks>The builders write it, where they build or run; tags are compared with it when the test ends. No test writes it by hand.</remarks>
public sealed class WhatRan
{
    private static readonly ConditionalWeakTable<ITest, WhatRan> ByTest = [];
    private readonly SortedSet<string> _names = new(StringComparer.Ordinal);
    private readonly HashSet<Mmu> _processors = [];
    private ulong _sizes;
    private int _threads;
    private int _cpus;

    /// <summary>The record of the test that runs now; one that nobody reads outside of tests.</summary>
    public static WhatRan Now => TestContext.Current.Test is { } test ? In(test) : new WhatRan();

    /// <summary>The record of <paramref name="test"/>.</summary>
    public static WhatRan In(ITest test) => ByTest.GetOrCreateValue(test);

    /// <summary>True for a version, format or size that ran, and for a number of threads or processors that was reached.</summary>
    public bool Has(string what) => what.Split('=') switch
    {
        ["threads", string count] => _threads >= int.Parse(count, CultureInfo.InvariantCulture),
        ["cpus", string count] => _cpus >= int.Parse(count, CultureInfo.InvariantCulture),
        _ => _names.Contains(what) || Enum.GetValues<PageSize>().Any(size => NameOf(size) == what && (_sizes & Bit(size)) != 0),
    };

    /// <summary>A kernel's memory management was built: its MADV_FREE and its MADV_USERFAULT.</summary>
    public void Memory(KernelProfile profile)
    {
        Version("madvfree", $"{profile.MadvFree}");
        Version("userfault", $"{profile.UserFault}");
        if (profile.Files != FileMarks.Common && ProfileText.Parse($"files={profile.Files}").Files == profile.Files)
        {
            _ = _names.Add($"{profile.Files}");
        }
    }

    /// <summary>vrange was built into a kernel.</summary>
    public void Vrange(KernelProfile profile) => Version("vrange", $"{profile.Vrange}");

    /// <summary>An entry format was built, which is less than a kernel: <c>v8-entry</c>.</summary>
    public void EntryFormat(VrangeVersion version) => _names.Add($"{Lower($"{version}")}-entry");

    /// <summary>A translation went through a page of this size.</summary>
    public void Page(PageSize size) => _sizes |= Bit(size);

    /// <summary>A processor without a kernel translated through a page of this size.</summary>
    public void Page(Mmu processor, PageSize size)
    {
        Page(size);
        _ = _processors.Add(processor);
        Cpus(_processors.Count);
    }

    /// <summary>A guest ended in which so many threads ran.</summary>
    public void Threads(int count) => _threads = Math.Max(_threads, count);

    /// <summary>A machine ran of which so many processors made accesses.</summary>
    public void Cpus(int count) => _cpus = Math.Max(_cpus, count);

    public override string ToString()
    {
        IEnumerable<string> sizes = Enum.GetValues<PageSize>().Where(size => (_sizes & Bit(size)) != 0).Select(NameOf);
        return $"ran: {string.Join(' ', _names.Concat(sizes))} threads={_threads} cpus={_cpus}";
    }

    /// <summary>Only a version that people can choose counts: the kernel's list of versions is longer than what it does.</summary>
    private void Version(string feature, string version)
    {
        try
        {
            _ = ProfileText.Parse($"{feature}={Lower(version)}");
            _names.Add(Lower(version));
        }
        catch (CommandException)
        {
        }
    }

    private static ulong Bit(PageSize size) => 1UL << (int)size;

    private static string NameOf(PageSize size) => $"{size}".Replace("Size", "", StringComparison.Ordinal);

    private static string Lower(string name) => name.ToLowerInvariant();
}
