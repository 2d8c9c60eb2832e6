using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Iced.Intel;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Memory;
using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Timing;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Emulator.Cpu;

/// <summary>One virtual processor: its registers, its MMU, its decoded blocks and why it stopped last.</summary>
/// <remarks>It executes nothing itself; the engine of the floor above runs its blocks.</remarks>
public sealed unsafe class Vcpu : IDisposable
{
    private readonly CpuState* _state;
    private CpuModel _model = CpuModels.Default;
    private BarringBits _seen;

    /// <summary>Makes a vCPU over <paramref name="ram"/> and <paramref name="mmu"/>, all registers zero.</summary>
    public Vcpu(PhysicalMemory ram, Mmu mmu)
    {
        Ram = ram;
        Mmu = mmu;
        _state = (CpuState*)NativeMemory.AlignedAlloc((nuint)sizeof(CpuState), 4096);
        NativeMemory.Clear(_state, (nuint)sizeof(CpuState));
        _state->Rflags = Rflags.AlwaysSet | Rflags.IF;
        _state->Mxcsr = 0x1F80;
        _state->FpuControl = 0x037F;
        _state->FetchEpoch = 1;
        Data = new DataPort(this);
        Pages = new LookAside(_state, ram);
        System = new SystemPort(this);
        mmu.LookAside = Pages;
        Domain = new CodeDomain();
        Domain.Join(this);
    }

    /// <summary>The registers.</summary>
    public CpuState* State => _state;

    /// <summary>Why the core stopped; written by the slow paths, read by the runner. It lies in <see cref="State"/>.</summary>
    public ref CoreExit Exit { [MethodImpl(MethodImplOptions.AggressiveInlining)] get => ref _state->Exit; }

    /// <summary>Guest RAM.</summary>
    public PhysicalMemory Ram { get; }

    /// <summary>The MMU of this vCPU.</summary>
    public Mmu Mmu { get; }

    /// <summary>System registers.</summary>
    public ControlRegisters Control { get; } = new();

    /// <summary>Debug registers.</summary>
    public DebugRegisters Debug { get; } = new();

    /// <summary>Decoded blocks.</summary>
    public BlockCache Blocks { get; } = new();

    /// <summary>Data accesses that the look-aside does not answer.</summary>
    public DataPort Data { get; }

    /// <summary>The look-aside's keeper.</summary>
    public LookAside Pages { get; }

    /// <summary>The processor's own accesses to descriptor tables and task-state segments.</summary>
    public SystemPort System { get; }

    /// <summary>The vCPUs whose stores may change the code that this one executes; a vCPU alone has one of its own.</summary>
    public CodeDomain Domain { get; internal set; }

    /// <summary>Its place among the vCPUs of the machine.</summary>
    public CpuTopology Topology { get; set; } = CpuTopology.Single;

    /// <summary>Who handles system calls, faults and exceptions.</summary>
    public TrapMode Traps { get; set; }

    /// <summary>What software may set in the control registers.</summary>
    public ControlLimits Limits => Model.LimitsAt(Mmu.Mode.MaxPhyAddr);

    /// <summary>Prices what the vCPU does; null runs without a clock. Set it through the machine, which turns the shortcuts off.</summary>
    public CycleModel? Clock { get; set; }

    /// <summary>True while somebody sees what happens inside blocks, so that the op at work has to be known. Set it through the machine.</summary>
    public bool Watched { get; internal set; }

    /// <summary>What CPUID tells, and which optional instructions exist.</summary>
    /// <remarks>Set it between runs: blocks decoded for another model are dropped.</remarks>
    public CpuModel Model
    {
        get => _model;
        set
        {
            (_model, _seen) = (value, default);
            Blocks.Clear();
        }
    }

    /// <summary>All that RDRAND and RDSEED give follows from it: set it to the run's seed; each number drawn moves it on.</summary>
    public ulong EntropySeed { get; set; }

    /// <summary>What the device answers to an INS that left with <see cref="CoreExit.PortAgain"/>; taken when the instruction comes again.</summary>
    public uint? PortReply { get; set; }

    /// <summary>User at CPL 3, supervisor below.</summary>
    public AccessOrigin Origin { [MethodImpl(MethodImplOptions.AggressiveInlining)] get => Control.Cpl == 3 ? AccessOrigin.User : AccessOrigin.Supervisor; }

    /// <summary>A general-purpose register by Iced's number of the 64-bit registers, 0 (RAX) to 15.</summary>
    public ulong this[int register]
    {
        get => _state->Slots[register];
        set => _state->Slots[register] = value;
    }

    /// <summary>RIP; exact whenever the core is not running.</summary>
    public ulong Rip
    {
        get => _state->Rip;
        set => _state->Rip = value;
    }

    /// <summary>RFLAGS, all flags derived.</summary>
    public ulong Flags
    {
        get => Rflags.Read(_state);
        set => Rflags.Write(_state, value);
    }

    /// <summary>FS base.</summary>
    public ulong FsBase
    {
        get => _state->Slots[CpuState.FsBaseSlot];
        set => _state->Slots[CpuState.FsBaseSlot] = value;
    }

    /// <summary>GS base.</summary>
    public ulong GsBase
    {
        get => _state->Slots[CpuState.GsBaseSlot];
        set => _state->Slots[CpuState.GsBaseSlot] = value;
    }

    /// <summary>MXCSR.</summary>
    public uint Mxcsr => _state->Mxcsr;

    /// <summary>The x87 status word with TOP.</summary>
    public ushort FpuStatus => (ushort)((_state->FpuStatus & ~0x3800) | (_state->FpuTop << 11));

    /// <summary>The x87 control word.</summary>
    public ushort FpuControl => _state->FpuControl;

    /// <summary>The instruction that <paramref name="op"/> was decoded from.</summary>
    public ref readonly Instruction InstructionOf(Op* op) => ref Blocks[op->Block].Instructions[op->Ordinal];

    /// <summary>The instruction at work; for a probe that is asked just now.</summary>
    public ref readonly Instruction AtWork => ref InstructionOf((Op*)_state->Current);

    /// <summary>The bytes to read at <paramref name="va"/>: in RAM, or a copy when they cross a page. Null when the access faults.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* Read(CpuState* s, ulong va, int bytes)
    {
        ulong* entry = s->ReadLookAside + ((va >> 12) & (CpuState.LookAsideEntries - 1)) * 2;
        ulong offset = va ^ entry[0];
        return offset <= (ulong)(4096 - bytes) ? (byte*)entry[1] + offset : Data.ReadMiss(va, bytes);
    }

    /// <summary>
    /// The bytes at <paramref name="va"/>, opened for writing: every check is done, and after the bytes are changed
    /// <see cref="Commit"/> cannot fail. Null when the access faults.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* Open(CpuState* s, ulong va, int bytes)
    {
        ulong* entry = s->WriteLookAside + ((va >> 12) & (CpuState.LookAsideEntries - 1)) * 2;
        ulong offset = va ^ entry[0];
        return offset <= (ulong)(4096 - bytes) ? (byte*)entry[1] + offset : Data.OpenMiss(va, bytes);
    }

    /// <summary>As <see cref="Open"/>, for an instruction that does not read the bytes it writes: only a clock tells the difference.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* OpenStore(CpuState* s, ulong va, int bytes)
    {
        ulong* entry = s->WriteLookAside + ((va >> 12) & (CpuState.LookAsideEntries - 1)) * 2;
        ulong offset = va ^ entry[0];
        return offset <= (ulong)(4096 - bytes) ? (byte*)entry[1] + offset : Data.OpenStoreMiss(va, bytes);
    }

    /// <summary>Ends a write begun with <see cref="Open"/> or <see cref="OpenStore"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Commit(CpuState* s)
    {
        if (s->PendingStore != 0)
        {
            Data.CommitMiss();
        }
    }

    /// <summary>Leaves the block because <paramref name="op"/> met what <see cref="Exit"/> says: RIP and counts go back to it.</summary>
    /// <returns>Null, for the handler to return.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public Op* Fault(Op* op)
    {
        Rewind(op);
        if (Exit.Kind == CoreExitKind.PageFault)
        {
            Control.Cr2 = Exit.Fault.Cr2.Raw;
        }
        else if (Exit.Vector == ExceptionVector.GP && (op->Traits & OpTraits.StackSegment) != 0 && Data.NonCanonical)
        {
            Exit.Vector = ExceptionVector.SS;
        }

        return null;
    }

    /// <summary>Leaves the block with an exception at <paramref name="op"/>; #XM is #UD while CR4.OSXMMEXCPT is clear.</summary>
    /// <returns>Null, for the handler to return.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public Op* Raise(Op* op, ExceptionVector vector, uint errorCode = 0)
    {
        Rewind(op);
        Exit.Kind = CoreExitKind.Exception;
        Exit.Vector = vector == ExceptionVector.XM && (Control.Cr4 & Cr4Bits.Osxmmexcpt) == 0 ? ExceptionVector.UD : vector;
        Exit.ErrorCode = errorCode;
        Exit.Unsupported = false;
        Exit.Missing = CpuFeatures.None;
        return null;
    }

    /// <summary>Leaves the block behind <paramref name="op"/>, which has retired; the caller may set <see cref="Exit"/>.</summary>
    /// <returns>Null, for the handler to return.</returns>
    public Op* Leave(Op* op)
    {
        _state->Budget += Blocks[op->Block].Head->Count - op->Ordinal - 1;
        _state->Rip = op->NextRip;
        return null;
    }

    /// <summary>Looks at the bits of CR0, CR4 and XCR0 that bar state instructions: blocks decoded under others do not run.</summary>
    /// <remarks>The engine asks at the begin of each run; whatever changes such a bit inside one asks too.</remarks>
    public void RefreshBars()
    {
        if (_seen.TryRenew(Control) && StateBarsRules.Of(Control, Model) is var now && now != Blocks.Bars)
        {
            Blocks.Bars = now;
            _state->FetchEpoch++;
        }
    }

    /// <summary>Sees every instruction before it runs; null for nobody. Set it between runs.</summary>
    public IInstructionProbe? Probe { get; set; }

    /// <summary>Tells the machine's time T at which the next run begins; a vCPU alone counts its own.</summary>
    internal void BeginAt(ulong time) => _state->BudgetEnd = time;

    /// <summary>Instructions retired before <paramref name="op"/>, exact inside a block: what the time-stamp counter counts.</summary>
    public ulong TimeAt(Op* op) => _state->BudgetEnd - (ulong)(_state->Budget + Blocks[op->Block].Head->Count - op->Ordinal);

    /// <summary>T of this moment: instructions retired before the one at work. Exact inside a block while <see cref="Watched"/>.</summary>
    public ulong TimeNow => _state->Current is null ? _state->BudgetEnd - (ulong)_state->Budget : TimeAt((Op*)_state->Current);

    /// <summary>Sets RIP and the counts as they were before <paramref name="op"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Rewind(Op* op)
    {
        _state->Budget += Blocks[op->Block].Head->Count - op->Ordinal;
        _state->Rip = op->Rip;
        _state->PendingStore = 0;
    }

    /// <summary>The model, and the registers as <see cref="RefreshBars"/> saw them last; setting it drops no block.</summary>
    internal (CpuModel Model, BarringBits Seen) DecodesFor
    {
        get => (_model, _seen);
        set => (_model, _seen) = value;
    }

    /// <summary>Bytes of RAM changed: blocks decoded from them are dropped, on all vCPUs of the domain.</summary>
    /// <remarks>Stores of this vCPU come here by themselves; whoever else writes guest RAM that may hold code calls it.</remarks>
    public void CodeWritten(PhysAddr start, int lengthBytes) => Domain.Written(start, lengthBytes);

    /// <summary>Drops this vCPU's own blocks that hold one of the bytes.</summary>
    internal void DropCode(PhysAddr start, int lengthBytes) => Blocks.DropOverlapping(start, lengthBytes, &LeaveDropped);

    /// <summary>Frees the native memory.</summary>
    public void Dispose()
    {
        Blocks.Dispose();
        NativeMemory.AlignedFree(_state);
    }

    private static Op* LeaveDropped(Vcpu vcpu, CpuState* s, Op* op)
    {
        vcpu.Rewind(op);
        return null;
    }
}
