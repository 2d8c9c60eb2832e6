using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Tables;

namespace MmuEmu.Tests.Builders;

/// <summary>The entry formats of the postings, without a kernel around them.</summary>
public static class EntryFormats
{
    /// <summary>The format of one posting.</summary>
    public static SoftPteFormat Of(VrangeVersion version, ProfileSwitches switches = ProfileSwitches.None)
    {
        WhatRan.Now.EntryFormat(version);
        return new SoftPteFormat(new KernelProfile { Vrange = version, Switches = switches });
    }
}
