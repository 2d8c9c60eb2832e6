using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Machine;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Faults;
using MmuEmu.Kernel.Tables;

namespace MmuEmu.Tests.Builders;

/// <summary>A core that runs guest code in a harness's address space; the test itself is the program's signal handler.</summary>
internal sealed class CoreOnMm : ITlbShootdown, IDisposable
{
    private const ulong CodeAt = 0x40_0000;
    private readonly Core _core;

    public CoreOnMm(MmHarness mm)
    {
        Mm = mm;
        mm.Mem.Gathers.Tlbs = this;
        _core = new Core(mm.Mem.Ram, new MmuOptions { TlbMode = mm.Options.TlbMode });
        _core.Mmu.Mode = mm.Mmu().Mode;
    }

    public MmHarness Mm { get; }

    /// <summary>Signals so far, in order.</summary>
    public List<SigInfo> Signals { get; } = [];

    public ulong this[Register register]
    {
        get => _core.Vcpu[register.GetFullRegister().GetNumber()];
        set => _core.Vcpu[register.GetFullRegister().GetNumber()] = value;
    }

    public ulong Rip
    {
        get
        {
            unsafe
            {
                return _core.Vcpu.State->Rip;
            }
        }

        set
        {
            unsafe
            {
                _core.Vcpu.State->Rip = value;
            }
        }
    }

    /// <summary>Maps a page of code that ends in SYSCALL.</summary>
    public CoreOnMm Assemble(Action<Assembler> write)
    {
        Assembler assembler = new(64);
        write(assembler);
        assembler.syscall();
        using MemoryStream stream = new();
        assembler.Assemble(new StreamCodeWriter(stream), CodeAt);
        VirtAddr code = Mm.Map(1, Prot.Read | Prot.Write | Prot.Exec, CodeAt);
        Mm.Fill(code, 1, 0x90);
        stream.ToArray().CopyTo(Mm.Mem.Ram.PageToWrite(Mm.PteOf(code).Frame));
        Rip = CodeAt;
        return this;
    }

    /// <summary>Runs to the SYSCALL at the end; every signal goes to <paramref name="handler"/>, then the instruction is tried again.</summary>
    public void Run(Action<SigInfo> handler)
    {
        for (int turns = 0; turns < 10_000; turns++)
        {
            CoreExit exit = _core.Run(1_000_000);
            if (exit.Kind == CoreExitKind.Syscall)
            {
                return;
            }

            exit.Kind.ShouldBe(CoreExitKind.PageFault);
            FaultOutcome outcome = FaultHandler.Handle(Mm.Mem, Mm.Current(), exit.Fault);
            if (outcome.End == FaultEnd.Deliver)
            {
                Signals.Add(outcome.Signal);
                handler(outcome.Signal);
            }
        }

        throw new InvalidOperationException("the guest faults for ever");
    }

    void ITlbShootdown.Invalidate(in FlushRequest request)
    {
        ((ITlbShootdown)Mm).Invalidate(request);
        if (request.Scope == FlushScope.Space)
        {
            _core.Mmu.Invalidate(TlbInvalidation.PcidKeepGlobal(request.Space.Pcid));
            return;
        }

        for (VirtAddr page = request.Range.Start; page.Raw < request.Range.End.Raw; page += request.Stride.Bytes())
        {
            _core.Mmu.Invalidate(TlbInvalidation.PageKeepGlobal(page, request.Space.Pcid));
        }
    }

    public void Dispose() => _core.Dispose();
}
