using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Machine;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Timing;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Builders;

/// <summary>
/// Cores that run on and on through all that a machine keeps: they write here and there, fault, change their own and each other's code,
/// use x87 and AVX, draw random numbers; and a runner that maps, unmaps, flushes and takes the FPU away.
/// </summary>
internal sealed class RestlessMachine : IDisposable
{
    public const int RegionPages = 257;
    private const ulong Region = 0x1000_0000;
    private const ulong Large = 0x4000_0000;
    private const PteBits User = PteBits.P | PteBits.RW | PteBits.US | PteBits.XD;

    private readonly BareCores _cores;
    private readonly Watcher _watcher = new();
    private ulong _random = 0x1234_5678;
    private int _turn;

    public RestlessMachine(int count, MmuOptions options, bool timed)
    {
        _cores = new BareCores(count, options);
        for (int page = 0; page < RegionPages; page++)
        {
            _cores.Bare.Map(Region + ((ulong)page << 12), FrameOf(page), page % 3 == 0 ? PteBits.None : User);
        }

        // One page of 2 MiB over the same frames, beside the small ones.
        _cores.Bare.Map(Large, 0, User);
        _cores.Set[0].Mmu.TryPeek(new VirtAddr(Large), out _, out WalkPath path).ShouldBeTrue();
        _cores.Bare.Ram.WriteUInt64(path[2].Slot, Pte.Of(new Pfn(0x800), User | PteBits.PS).Raw);
        for (int i = 0; i < count; i++)
        {
            _cores.Assemble(i, a => Write(a, i, count));
            Vcpu vcpu = Set[i].Vcpu;
            (vcpu[3], vcpu[12], vcpu[13], vcpu[14], vcpu[15]) = (BareCore.Data, 0x9E37_79B9 * (ulong)(i + 1), Region, Large, BareCores.CodeOf((i + 1) % count));
            vcpu.EntropySeed = (ulong)i;
            Set[i].Trace = _watcher;
            Set[i].Clock = timed ? new CycleModel(MachinePresets.All[i % MachinePresets.All.Count]) : null;
        }
    }

    public CoreSet Set => _cores.Set;

    /// <summary>What the runner itself keeps; to be saved and restored with the machine.</summary>
    public (ulong Random, int Turn, ulong Seen) Runner
    {
        get => (_random, _turn, _watcher.Seen);
        set => (_random, _turn, _watcher.Seen) = value;
    }

    /// <summary>Lets so many turns pass.</summary>
    /// <returns>A number for each turn that follows from all that could be seen of it.</returns>
    public List<string> Run(int turns)
    {
        List<string> seen = [];
        for (int i = 0; i < turns; i++)
        {
            int number = _turn++ % Set.Count;
            CoreExit exit = Set.Run(number, 1 + (Next() % 700));
            seen.Add($"{_turn} T{Set.Retired} {exit.Kind} {exit.Vector} {exit.Fault} {Registers(Set[number].Vcpu)} {_watcher.Seen:x}");
            Handle(Set[number], exit);
        }

        return seen;
    }

    /// <summary>All that can be told of it at the end: RAM, counters, the contents of the TLBs, system registers, clocks.</summary>
    public string Summary()
    {
        List<string> lines = [Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(_cores.Bare.Ram.Slice(default, 16 << 20)))];
        foreach (Core core in Set.All)
        {
            lines.Add(Told(core.Mmu.Counters));
            lines.Add(Told(core.Vcpu.Control));
            foreach (TlbArrayName name in Enum.GetValues<TlbArrayName>())
            {
                List<TlbEntry> entries = [];
                core.Mmu.List(name, entries);
                lines.Add($"{name}: {string.Join(' ', entries)}");
            }

            if (core.Clock is { } clock)
            {
                lines.Add(Told(clock) + Told(clock.Loads) + Told(clock.Stores) + Told(clock.Fetches) + Told(clock.Walker) + Told(clock.LoadLines));
            }
        }

        return string.Join('\n', lines);
    }

    public void Dispose() => _cores.Dispose();

    private static ulong FrameOf(int page) => 0x800 + (ulong)page;

    private static string Told(object counters) => string.Join(' ',
        from property in counters.GetType().GetProperties()
        where property.GetIndexParameters().Length == 0 && property.PropertyType.IsPrimitive
        select $"{property.Name}={property.GetValue(counters)}");

    private static string Registers(Vcpu vcpu)
    {
        HashCode hash = default;
        for (int i = 0; i < 16; i++)
        {
            hash.Add(vcpu[i]);
        }

        return $"{vcpu.Rip:x} {vcpu.Flags:x} {vcpu.FpuStatus:x} {vcpu.Mxcsr:x} {hash.ToHashCode():x}";
    }

    private ulong Next()
    {
        _random ^= _random << 13;
        _random ^= _random >> 7;
        return _random ^= _random << 17;
    }

    private void Handle(Core core, in CoreExit exit)
    {
        switch (exit.Kind)
        {
            case CoreExitKind.PageFault:
                ulong page = exit.Fault.Cr2.Raw & ~0xFFFUL;
                _cores.Bare.Map(page, FrameOf((int)((page - Region) >> 12)), User);
                break;
            case CoreExitKind.Exception when exit.Vector == ExceptionVector.UD:
                core.Vcpu.Rip += 2;
                break;
            case CoreExitKind.Exception when exit.Vector == ExceptionVector.NM:
                core.Vcpu.Control.Cr0 &= ~Cr0Bits.Ts;
                break;
            case CoreExitKind.Syscall:
                Disturb(core);
                break;
            default:
                exit.Kind.ShouldBe(CoreExitKind.BudgetSpent);
                break;
        }
    }

    private void Disturb(Core core)
    {
        ulong choice = Next() % 8;
        VirtAddr page = new(Region + ((Next() % RegionPages) << 12));
        switch (choice)
        {
            case 0:
                core.Vcpu.Control.Cr0 |= Cr0Bits.Ts;
                break;
            case 1:
                foreach (Core each in Set.All)
                {
                    each.Mmu.InvalidateAll();
                }

                break;
            case 2:
                core.Vcpu.Blocks.Clear();
                break;
            default:
                _cores.Bare.Map(page.Raw, FrameOf((int)((page.Raw - Region) >> 12)), PteBits.None);
                foreach (Core each in Set.All)
                {
                    each.Mmu.InvalidatePage(page);
                }

                break;
        }
    }

    private static void Write(Assembler a, int core, int count)
    {
        Label loop = a.CreateLabel();
        Label function = a.CreateLabel();
        a.Label(ref loop);
        a.db(0x83, 0xC6, 1);                            // add esi, 1: the byte that is changed lies at 2
        Scramble(a);
        a.mov(ecx, r12d);
        a.and(ecx, 0xFFFFF);
        a.mov(rax, __qword_ptr[r13 + rcx]);
        a.add(rax, r12);
        a.mov(__qword_ptr[r13 + rcx], rax);
        a.xor(__dword_ptr[r14 + rcx], eax);
        Vectors(a, core);
        a.mov(eax, 1);
        a.@lock.xadd(__qword_ptr[rbx + 0x800], rax);
        a.rdrand(rdx);
        a.rdtsc();
        a.call(function);
        Rarely(a, 0x7F00, () => a.inc(__byte_ptr[r15 + 2]));
        Rarely(a, 0x3F00_0000, () => a.inc(__byte_ptr[BareCores.CodeOf(core) + 2]));
        Rarely(a, 0x1F_0000, () => a.ud2());
        Rarely(a, 0x3E0_0000, () => a.syscall());
        a.jmp(loop);
        a.Label(ref function);
        a.push(rsi);
        a.mov(ecx, 40);
        a.lea(rdi, __[rbx + 0x2000 + (core * 0x800)]);
        a.lea(rsi, __[rbx + 0xFF0]);
        a.rep.movsb();
        a.pop(rsi);
        a.ret();
    }

    private static void Scramble(Assembler a)
    {
        a.mov(rax, r12);
        a.shl(rax, 13);
        a.xor(r12, rax);
        a.mov(rax, r12);
        a.shr(rax, 7);
        a.xor(r12, rax);
        a.mov(rax, r12);
        a.shl(rax, 17);
        a.xor(r12, rax);
    }

    private static void Vectors(Assembler a, int core)
    {
        a.fild(__qword_ptr[rbx + (core * 64)]);
        a.fld1();
        a.faddp(st1, st0);
        a.fistp(__qword_ptr[rbx + (core * 64)]);
        a.vmovd(xmm0, r12d);
        a.vpbroadcastd(ymm0, xmm0);
        a.vpaddd(ymm1, ymm1, ymm0);
        a.vmovdqu(__ymmword_ptr[rbx + 0xFF0 + (core * 32)], ymm1);
    }

    private static void Rarely(Assembler a, int mask, Action write)
    {
        Label over = a.CreateLabel();
        a.test(r12d, mask);
        a.jnz(over);
        write();
        a.Label(ref over);
        a.nop();
    }

    /// <summary>Counts what it is told into one number.</summary>
    private sealed class Watcher : ITraceSink
    {
        public ulong Seen { get; set; }

        public TraceMask Wanted { get; } = TraceMask.Of(
            TraceEventKind.Walk, TraceEventKind.EntryMarked, TraceEventKind.Fill, TraceEventKind.PageFault, TraceEventKind.Invalidated);

        public void Take(in TraceEvent happened)
        {
            Seen = (Seen ^ (ulong)happened.Kind ^ happened.Address.Raw ^ (happened.Stamp.Time << 20)) * 0x100_0000_01B3;
            WalkPath path = happened.Detail is WalkDetail walk ? walk.Path : default;
            for (int i = 0; i < path.Count; i++)
            {
                Seen = (Seen ^ path[i].Entry.Raw ^ path[i].Slot.Raw) * 0x100_0000_01B3;
            }
        }
    }
}
