using System.Diagnostics.CodeAnalysis;
using MmuEmu.Emulator.Machine;
using MmuEmu.Emulator.Memory;
using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Timing;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Translation;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Exec;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Life;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.PageCopy;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Tasks;
using MmuEmu.Kernel.Volatile;

namespace MmuEmu.Kernel.Setup;

/// <summary>Makes a machine with a program loaded, ready to run.</summary>
public static class KernelBuilder
{
    // What SGDT, SIDT and STR show to programs. Source: [Linux arch/x86/kernel/umip.c, UMIP_DUMMY_GDT_BASE].
    private const ulong GdtShown = 0xFFFF_FFFF_FFFE_0000;
    private const ulong IdtShown = 0xFFFF_FFFF_FFFF_0000;
    private const ushort TrShown = 0x40;

    private const ulong Cr4 =
        Cr4Bits.Pae | Cr4Bits.Pge | Cr4Bits.Osfxsr | Cr4Bits.Osxmmexcpt | Cr4Bits.Osxsave | Cr4Bits.Fsgsbase | Cr4Bits.Pcide | Cr4Bits.Smep;
    private const ulong Efer = EferBits.Sce | EferBits.Lme | EferBits.Lma | EferBits.Nxe;
    private const ulong PageMask = 0xFFF;

    /// <summary>Builds machine and kernel, and loads the program as the first process.</summary>
    /// <param name="options">All that the run depends on.</param>
    /// <param name="kernel">Out: the kernel, when the result is true; dispose it.</param>
    /// <param name="failure">Out: why not, when the result is false.</param>
    public static bool TryBuild(
        KernelOptions options, [NotNullWhen(true)] out MiniKernel? kernel, [NotNullWhen(false)] out BootFailure? failure)
    {
        kernel = null;
        MachinePreset preset = options.Cpu.DefaultPreset;
        if (options.Preset is { } asked && !MachinePresets.TryFind(asked, out preset))
        {
            failure = new BootFailure(BootFailureKind.UnknownPreset, asked);
            return false;
        }

        if ((options.SwapBytes & PageMask) != 0 || options.SwapBytes >> 12 >= int.MaxValue)
        {
            failure = new BootFailure(BootFailureKind.BadSwap, "") { Bytes = options.SwapBytes };
            return false;
        }

        if (ProposalTable.TryFindClash(options.Profile, out ProposalClaim? first, out ProposalClaim? second))
        {
            failure = new BootFailure(BootFailureKind.NumberClaimedTwice, "") { Found = [first.Number], Claims = [first.Proposed, second.Proposed] };
            return false;
        }

        if (!TryTakeRam(options, out PhysicalMemory? ram, out failure))
        {
            return false;
        }

        Parts parts = Wire(options, ram, preset);
        failure = FirstProcess.Start(parts.System, options);
        if (failure is not null)
        {
            parts.System.Processors.Cores.Dispose();
            ram.Dispose();
            return false;
        }

        kernel = new MiniKernel(options, parts.System, parts.History);
        return true;
    }

    private static bool TryTakeRam(KernelOptions options, [NotNullWhen(true)] out PhysicalMemory? ram, [NotNullWhen(false)] out BootFailure? failure)
    {
        (ram, failure) = (null, null);
        if (options.RamBytes is < PhysicalMemory.MinBytes or > PhysicalMemory.MaxBytes || (options.RamBytes & PageMask) != 0)
        {
            failure = new BootFailure(BootFailureKind.BadRam, "", Errno.EINVAL) { Bytes = options.RamBytes };
            return false;
        }

        try
        {
            ram = new PhysicalMemory(options.RamBytes);
            return true;
        }
        catch (InvalidOperationException)
        {
            failure = new BootFailure(BootFailureKind.BadRam, "", Errno.ENOMEM) { Bytes = options.RamBytes };
            return false;
        }
    }

    private static Parts Wire(KernelOptions options, PhysicalMemory ram, MachinePreset preset)
    {
        MemorySystem memory = MemorySetup.Build(new MemoryConfig
        {
            Ram = ram,
            Profile = options.Profile,
            SwapPages = (int)(options.SwapBytes >> 12),
        });
        ProcessorSet processors = new(new CoreSet(ram, MmuOf(options, preset), options.Cpus), memory);
        CoreShootdown tlbs = new(processors);
        memory.Gathers.Tlbs = tlbs;
        memory.Code = processors;
        memory.Volatile = new RangePurger(memory);
        CopyBed? copies = WindowSetup.Build(memory, tlbs);
        SeededRandom random = new(options.Seed);
        RunHistory history = new(options.Incident);
        Tracer trace = options.Trace is null ? new(processors, history) : new(processors, history, options.Trace);
        memory.Report.Events = trace;
        trace.Retuned = () => Listen(memory, processors, trace);
        TaskSystem system = new()
        {
            Memory = memory,
            Processors = processors,
            Tlbs = tlbs,
            Copies = copies,
            Files = new FileSystem(memory, options.Disk, options.HostRoot),
            Random = random,
            Clock = new VirtualClock(processors.Cores),
            VdsoClock = new VdsoClock(memory, options.Cpu.Has(CpuFeatures.Tsc)),
            Vdso = new SpecialPage(memory, Vdso.Name, VdsoImage.Build()),
            Trace = trace,
            Witness = history,
            Layout = new LayoutPolicy(options.Layout == AddressLayout.Seeded ? random : null),
            Notices = options.Notices ?? (static _ => { }),
        };
        TellMaker(options, preset, system);
        TellPool(options, system);
        memory.Shortage = options.Profile.Copy.Allocator == AllocatorKind.Mainline ? new MainlineKiller(system) : null;
        SetUp(options, preset, system);
        return new Parts(system, history);
    }

    private static void TellMaker(KernelOptions options, MachinePreset preset, TaskSystem system)
    {
        if (preset != options.Cpu.DefaultPreset && CpuPresets.IsOfAnotherMaker(preset, options.Cpu.Vendor))
        {
            system.Notices(new Notice(NoticeKind.OtherMaker) { Preset = preset });
        }
    }

    private static void TellPool(KernelOptions options, TaskSystem system)
    {
        int there = system.Memory.Huge.Pool.Total;
        if (there < options.Profile.HugePages)
        {
            system.Notices(new Notice(NoticeKind.SmallPool) { Number = (ulong)options.Profile.HugePages, Resident = there });
        }
    }

    /// <summary>Who tells asks again whether somebody wants to know.</summary>
    private static void Listen(MemorySystem memory, ProcessorSet processors, Tracer trace)
    {
        memory.Report.Events = trace;
        foreach (Processor processor in processors.All)
        {
            processor.Core.Trace = trace;
        }
    }

    /// <summary>Sets every processor up alike.</summary>
    private static void SetUp(KernelOptions options, MachinePreset preset, TaskSystem system)
    {
        List<ModelCost> costs = [];
        CpuModel model = ModelOf(options, preset);
        foreach (Processor processor in system.Processors.All)
        {
            Core core = processor.Core;
            core.Vcpu.Model = model;
            (core.Vcpu.Control.Cr4, core.Vcpu.Control.Efer) = (Cr4 & core.Vcpu.Limits.Cr4, Efer);
            (core.Vcpu.Control.GdtBase, core.Vcpu.Control.IdtBase, core.Vcpu.Control.Tr) = (GdtShown, IdtShown, TrShown);
            core.Vcpu.Control.Xcr0 = model.StateComponents & ~XsaveComponents.Pkru;
            core.Vcpu.EntropySeed = options.Seed + (ulong)processor.Number;
            processor.Guest.RelieveMemory = () => OomKiller.Run(system);
            core.Trace = system.Trace;
            if (options.Timing == TimingMode.On)
            {
                core.Clock = new CycleModel(preset);
                costs.Add(new ModelCost(core.Clock));
            }
        }

        if (costs.Count > 0)
        {
            system.Memory.Report.Cost = new LocalCost(system.Processors, costs);
        }
    }

    // The preset says how large the TLBs are, unless the caller has set sizes of his own.
    private static MmuOptions MmuOf(KernelOptions options, MachinePreset preset) =>
        options.Mmu.Geometry == TlbGeometry.Default ? options.Mmu with { Geometry = preset.Tlb } : options.Mmu;

    // CPUID tells of the TLBs that translate, and of the preset's caches.
    private static CpuModel ModelOf(KernelOptions options, MachinePreset preset) => options.Cpu.Geometry == CpuGeometry.Default
        ? options.Cpu with { Geometry = CpuGeometry.Of(preset.Caches, MmuOf(options, preset).Geometry) }
        : options.Cpu;

    private readonly record struct Parts(TaskSystem System, RunHistory History);
}
