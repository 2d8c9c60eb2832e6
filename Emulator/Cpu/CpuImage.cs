using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Memory;
using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Timing;

namespace MmuEmu.Emulator.Cpu;

/// <summary>One vCPU between two runs: registers, look-asides, decoded blocks, clock. Its MMU and RAM have images of their own.</summary>
internal sealed record CpuImage
{
    /// <summary>Registers, look-asides and the last exit, byte by byte.</summary>
    internal required ArrayImage State { get; init; }

    /// <summary>System registers; nobody changes this copy.</summary>
    internal required ControlRegisters Control { get; init; }

    /// <summary>Debug registers.</summary>
    internal required DebugImage Debug { get; init; }

    /// <summary>Decoded blocks.</summary>
    internal required BlocksImage Blocks { get; init; }

    /// <summary>The look-aside's keeper.</summary>
    internal required LookAsideImage Pages { get; init; }

    /// <summary>The data port.</summary>
    internal required DataPortImage Data { get; init; }

    /// <summary>The last refused access of the processor itself.</summary>
    internal required SystemFault LastFault { get; init; }

    /// <summary>The model, and the registers that bar instructions as they were seen last.</summary>
    internal required (CpuModel Model, BarringBits Seen) DecodesFor { get; init; }

    /// <summary>Place, who handles traps, what random numbers follow from, and a device's answer that waits.</summary>
    internal required (CpuTopology Place, TrapMode Traps, ulong EntropySeed, uint? PortReply) Settings { get; init; }

    /// <summary>The clock; null without one.</summary>
    internal required CycleModel? Clock { get; init; }

    /// <summary>The clock's state.</summary>
    internal required ClockImage? Time { get; init; }

    /// <summary>The state of <paramref name="vcpu"/>; <paramref name="last"/> is an earlier one to share with.</summary>
    internal static unsafe CpuImage Of(Vcpu vcpu, CpuImage? last)
    {
        vcpu.Pages.MarkWritable();
        return new CpuImage
        {
            State = ArrayImage.Of(new ReadOnlySpan<CpuState>(vcpu.State, 1), last?.State),
            Control = vcpu.Control.Copy(),
            Debug = vcpu.Debug.Save(),
            Blocks = vcpu.Blocks.Save(last?.Blocks),
            Pages = vcpu.Pages.Save(last?.Pages),
            Data = vcpu.Data.Save(),
            LastFault = vcpu.System.LastFault,
            DecodesFor = vcpu.DecodesFor,
            Settings = (vcpu.Topology, vcpu.Traps, vcpu.EntropySeed, vcpu.PortReply),
            Clock = vcpu.Clock,
            Time = vcpu.Clock?.Save(last?.Clock == vcpu.Clock ? last.Time : null),
        };
    }

    /// <summary>Gives <paramref name="vcpu"/> that state again.</summary>
    internal unsafe void CopyTo(Vcpu vcpu)
    {
        State.CopyTo(new Span<CpuState>(vcpu.State, 1));
        vcpu.Control.Take(Control);
        vcpu.Debug.Restore(Debug);
        vcpu.Blocks.Restore(Blocks);
        vcpu.Pages.Restore(Pages);
        vcpu.Data.Restore(Data);
        vcpu.System.LastFault = LastFault;
        vcpu.DecodesFor = DecodesFor;
        (vcpu.Topology, vcpu.Traps, vcpu.EntropySeed, vcpu.PortReply) = Settings;
        vcpu.Clock = Clock;
        Clock?.Restore(Time!);
        vcpu.Pages.MarkWritable();
    }
}
