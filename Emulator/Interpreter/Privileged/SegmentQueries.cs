using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Cpu.Blocks;
using MmuEmu.Emulator.Interpreter.Ops;

namespace MmuEmu.Emulator.Interpreter.Privileged;

/// <summary>LAR, LSL, VERR and VERW: what may be known of a segment, and in ZF whether it may.</summary>
/// <remarks>
/// In 64-bit mode LAR tells of segments, LDTs, TSSs and call gates, LSL of all of them but gates.
/// Source: [SDM2 "LAR", "LSL", "VERR/VERW"].
/// </remarks>
internal static unsafe class SegmentQueries
{
    private const int Ldt = 2;
    private const int TssAvailable = 9;
    private const int TssBusy = 11;
    private const int CallGate = 12;
    private const uint AccessRights = 0x00FF_FF00;

    /// <summary>The instructions of this group.</summary>
    public static readonly EmitterRow[] Rows =
    [
        new(Mnemonic.Lar, EmitLoad<Rights>),
        new(Mnemonic.Lsl, EmitLoad<SegmentLimit>),
        new(Mnemonic.Verr, EmitVerify<Readable>),
        new(Mnemonic.Verw, EmitVerify<Writable>),
    ];

    private static bool EmitLoad<TQuery>(ref OpBuilder b)
        where TQuery : struct, IQuery
    {
        int bytes = b.BytesAt(0);
        bool memory = b.IsMemory(1);
        b.TakeOperands();
        b.Op->Run = memory ? Pick.Width<LoadingFromMemory<TQuery>>(bytes) : Pick.Width<LoadingFromRegister<TQuery>>(bytes);
        return true;
    }

    private static bool EmitVerify<TQuery>(ref OpBuilder b)
        where TQuery : struct, IQuery
    {
        bool memory = b.IsMemory(0);
        b.TakeDestination();
        b.Op->Src = b.Op->Dst;
        b.Op->Run = memory ? &VerifyMemory<TQuery> : &VerifyRegister<TQuery>;
        return true;
    }

    private static Op* LoadRegister<TQuery, TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TQuery : struct, IQuery
        where TWidth : struct, IWidth => Load<TQuery, TWidth>(vcpu, s, op, *(ushort*)Operands.Src(s, op));

    private static Op* LoadMemory<TQuery, TWidth>(Vcpu vcpu, CpuState* s, Op* op)
        where TQuery : struct, IQuery
        where TWidth : struct, IWidth
    {
        byte* from = vcpu.Read(s, Operands.Address(s, op), 2);
        return from is null ? vcpu.Fault(op) : Load<TQuery, TWidth>(vcpu, s, op, *(ushort*)from);
    }

    private static Op* Load<TQuery, TWidth>(Vcpu vcpu, CpuState* s, Op* op, ushort selector)
        where TQuery : struct, IQuery
        where TWidth : struct, IWidth
    {
        if (!TryAsk<TQuery>(vcpu, op, selector, out Descriptor descriptor, out bool known))
        {
            return null;
        }

        if (known)
        {
            TWidth.WriteRegister(Operands.Dst(s, op), TQuery.ValueOf(descriptor));
        }

        return op + 1;
    }

    private static Op* VerifyRegister<TQuery>(Vcpu vcpu, CpuState* s, Op* op)
        where TQuery : struct, IQuery => TryAsk<TQuery>(vcpu, op, *(ushort*)Operands.Src(s, op), out _, out _) ? op + 1 : null;

    private static Op* VerifyMemory<TQuery>(Vcpu vcpu, CpuState* s, Op* op)
        where TQuery : struct, IQuery
    {
        byte* from = vcpu.Read(s, Operands.Address(s, op), 2);
        return from is null ? vcpu.Fault(op) : TryAsk<TQuery>(vcpu, op, *(ushort*)from, out _, out _) ? op + 1 : null;
    }

    /// <summary>Sets ZF; false when reading the table faulted.</summary>
    private static bool TryAsk<TQuery>(Vcpu vcpu, Op* op, ushort selector, out Descriptor descriptor, out bool known)
        where TQuery : struct, IQuery
    {
        bool refused = true;
        descriptor = default;
        bool found = (selector & ~3) != 0 && Descriptors.TryRead(vcpu, selector, out descriptor, out refused);
        known = found && TQuery.Covers(descriptor) && IsVisible(vcpu, selector, descriptor);
        if (!found && !refused)
        {
            SystemFaults.Raise(vcpu, op);
            return false;
        }

        ulong flags = Rflags.Settle(vcpu.State);
        vcpu.State->Rflags = known ? flags | Rflags.ZF : flags & ~Rflags.ZF;
        return true;
    }

    private static bool IsVisible(Vcpu vcpu, ushort selector, in Descriptor descriptor) =>
        (descriptor.IsCode && descriptor.IsConforming) || descriptor.Dpl >= Math.Max(vcpu.Control.Cpl, selector & 3);

    private interface IQuery
    {
        /// <summary>True when the instruction has something to say about this kind of descriptor.</summary>
        static abstract bool Covers(in Descriptor descriptor);

        /// <summary>What it loads.</summary>
        static abstract ulong ValueOf(in Descriptor descriptor);
    }

    private readonly struct Rights : IQuery
    {
        public static bool Covers(in Descriptor descriptor) =>
            descriptor.IsSegment || descriptor.Type is Ldt or TssAvailable or TssBusy or CallGate;

        public static ulong ValueOf(in Descriptor descriptor) => (uint)(descriptor.Raw >> 32) & AccessRights;
    }

    private readonly struct SegmentLimit : IQuery
    {
        public static bool Covers(in Descriptor descriptor) =>
            descriptor.IsSegment || descriptor.Type is Ldt or TssAvailable or TssBusy;

        public static ulong ValueOf(in Descriptor descriptor) => descriptor.Limit;
    }

    private readonly struct Readable : IQuery
    {
        public static bool Covers(in Descriptor descriptor) =>
            descriptor.IsSegment && (!descriptor.IsCode || (descriptor.Type & 2) != 0);

        public static ulong ValueOf(in Descriptor descriptor) => 0;
    }

    private readonly struct Writable : IQuery
    {
        public static bool Covers(in Descriptor descriptor) => descriptor.IsWritableData;

        public static ulong ValueOf(in Descriptor descriptor) => 0;
    }

    private readonly struct LoadingFromRegister<TQuery> : IByWidth
        where TQuery : struct, IQuery
    {
        public static Handler With<TWidth>()
            where TWidth : struct, IWidth => &LoadRegister<TQuery, TWidth>;
    }

    private readonly struct LoadingFromMemory<TQuery> : IByWidth
        where TQuery : struct, IQuery
    {
        public static Handler With<TWidth>()
            where TWidth : struct, IWidth => &LoadMemory<TQuery, TWidth>;
    }
}
