using Iced.Intel;

namespace MmuEmu.Emulator.Timing;

/// <summary>Which class an instruction belongs to: a table by mnemonic, and the few cases that the mnemonic does not decide.</summary>
public static class InstructionClasses
{
    private static readonly (InstructionClass Class, Mnemonic[] Members)[] Rows =
    [
        (InstructionClass.Nop, [Mnemonic.Nop, Mnemonic.Fnop, Mnemonic.Endbr64, Mnemonic.Endbr32, Mnemonic.Pause,
            Mnemonic.Prefetchnta, Mnemonic.Prefetcht0, Mnemonic.Prefetcht1, Mnemonic.Prefetcht2, Mnemonic.Prefetchw]),
        (InstructionClass.Move, [Mnemonic.Mov, Mnemonic.Movzx, Mnemonic.Movsx, Mnemonic.Movsxd, Mnemonic.Movnti,
            Mnemonic.Movbe, Mnemonic.Xlatb]),
        (InstructionClass.Shift, [Mnemonic.Shl, Mnemonic.Sal, Mnemonic.Shr, Mnemonic.Sar, Mnemonic.Rol, Mnemonic.Ror,
            Mnemonic.Rorx, Mnemonic.Shlx, Mnemonic.Shrx, Mnemonic.Sarx]),
        (InstructionClass.DoubleShift, [Mnemonic.Shld, Mnemonic.Shrd, Mnemonic.Rcl, Mnemonic.Rcr]),
        (InstructionClass.BitScan, [Mnemonic.Bsf, Mnemonic.Bsr, Mnemonic.Tzcnt, Mnemonic.Lzcnt, Mnemonic.Popcnt,
            Mnemonic.Pdep, Mnemonic.Pext, Mnemonic.Crc32]),
        (InstructionClass.Multiply, [Mnemonic.Imul, Mnemonic.Mul, Mnemonic.Mulx]),
        (InstructionClass.Divide32, [Mnemonic.Div, Mnemonic.Idiv]),
        (InstructionClass.Stack, [Mnemonic.Push, Mnemonic.Pop, Mnemonic.Leave, Mnemonic.Enter, Mnemonic.Pushfq,
            Mnemonic.Popfq, Mnemonic.Pushf, Mnemonic.Popf]),
        (InstructionClass.FloatAdd, [Mnemonic.Addss, Mnemonic.Addsd, Mnemonic.Addps, Mnemonic.Addpd, Mnemonic.Subss,
            Mnemonic.Subsd, Mnemonic.Subps, Mnemonic.Subpd, Mnemonic.Minss, Mnemonic.Minsd, Mnemonic.Minps, Mnemonic.Minpd,
            Mnemonic.Maxss, Mnemonic.Maxsd, Mnemonic.Maxps, Mnemonic.Maxpd, Mnemonic.Cmpss, Mnemonic.Cmpps, Mnemonic.Cmppd,
            Mnemonic.Comiss, Mnemonic.Comisd, Mnemonic.Ucomiss, Mnemonic.Ucomisd]),
        (InstructionClass.FloatMultiply, [Mnemonic.Mulss, Mnemonic.Mulsd, Mnemonic.Mulps, Mnemonic.Mulpd, Mnemonic.Rcpss,
            Mnemonic.Rcpps, Mnemonic.Rsqrtss, Mnemonic.Rsqrtps]),
        (InstructionClass.FloatDivide, [Mnemonic.Divss, Mnemonic.Divsd, Mnemonic.Divps, Mnemonic.Divpd, Mnemonic.Fdiv,
            Mnemonic.Fdivp, Mnemonic.Fdivr, Mnemonic.Fdivrp, Mnemonic.Fidiv, Mnemonic.Fidivr]),
        (InstructionClass.FloatSquareRoot, [Mnemonic.Sqrtss, Mnemonic.Sqrtsd, Mnemonic.Sqrtps, Mnemonic.Sqrtpd, Mnemonic.Fsqrt]),
        (InstructionClass.Convert, [Mnemonic.Cvtsi2ss, Mnemonic.Cvtsi2sd, Mnemonic.Cvtss2si, Mnemonic.Cvtsd2si,
            Mnemonic.Cvttss2si, Mnemonic.Cvttsd2si, Mnemonic.Cvtss2sd, Mnemonic.Cvtsd2ss, Mnemonic.Cvtps2pd, Mnemonic.Cvtpd2ps,
            Mnemonic.Cvtdq2ps, Mnemonic.Cvtdq2pd, Mnemonic.Cvtps2dq, Mnemonic.Cvtpd2dq, Mnemonic.Cvttps2dq, Mnemonic.Cvttpd2dq]),
        (InstructionClass.VectorMultiply, [Mnemonic.Pmullw, Mnemonic.Pmulhw, Mnemonic.Pmulhuw, Mnemonic.Pmuludq,
            Mnemonic.Pmaddwd, Mnemonic.Psadbw]),
        (InstructionClass.Microcoded, [Mnemonic.Fsin, Mnemonic.Fcos, Mnemonic.Fsincos, Mnemonic.Fptan, Mnemonic.Fpatan,
            Mnemonic.Fyl2x, Mnemonic.Fyl2xp1, Mnemonic.F2xm1, Mnemonic.Fprem, Mnemonic.Fprem1, Mnemonic.Fscale,
            Mnemonic.Fbld, Mnemonic.Fbstp, Mnemonic.Fxsave, Mnemonic.Fxsave64, Mnemonic.Fxrstor, Mnemonic.Fxrstor64,
            Mnemonic.Fnsave, Mnemonic.Frstor, Mnemonic.Fnstenv, Mnemonic.Fldenv, Mnemonic.Xsave, Mnemonic.Xrstor]),
        (InstructionClass.Fence, [Mnemonic.Mfence, Mnemonic.Lfence, Mnemonic.Sfence, Mnemonic.Rdtsc, Mnemonic.Rdtscp,
            Mnemonic.Rdpmc, Mnemonic.Clflush, Mnemonic.Clflushopt, Mnemonic.Emms, Mnemonic.Ldmxcsr]),
        (InstructionClass.Serialising, [Mnemonic.Cpuid, Mnemonic.Iret, Mnemonic.Iretd, Mnemonic.Iretq, Mnemonic.Invlpg,
            Mnemonic.Invpcid, Mnemonic.Wrmsr, Mnemonic.Rdmsr, Mnemonic.Lgdt, Mnemonic.Lidt, Mnemonic.Lldt, Mnemonic.Ltr,
            Mnemonic.Wbinvd, Mnemonic.Invd, Mnemonic.Swapgs, Mnemonic.Hlt, Mnemonic.In, Mnemonic.Out, Mnemonic.Int,
            Mnemonic.Int3, Mnemonic.Int1, Mnemonic.Wrpkru]),
        (InstructionClass.SystemCall, [Mnemonic.Syscall, Mnemonic.Sysret, Mnemonic.Sysretq, Mnemonic.Sysenter, Mnemonic.Sysexit]),
    ];

    private static readonly InstructionClass?[] ByMnemonic = Build();

    /// <summary>The class of <paramref name="instruction"/>; plain integer work where no row says otherwise.</summary>
    public static InstructionClass Of(in Instruction instruction)
    {
        if (instruction.IsStringInstruction)
        {
            return InstructionClass.StringStep;
        }

        if (instruction.HasLockPrefix || (instruction.Mnemonic == Mnemonic.Xchg && HasMemory(instruction)))
        {
            return InstructionClass.Locked;
        }

        return ByFlow(instruction) ?? ByMnemonic[(int)instruction.Mnemonic] switch
        {
            InstructionClass.Divide32 when instruction.Op0Register.IsGPR64() => InstructionClass.Divide64,
            InstructionClass.Divide32 when instruction.MemorySize is MemorySize.UInt64 or MemorySize.Int64 => InstructionClass.Divide64,
            InstructionClass.Move when TouchesControl(instruction) => InstructionClass.Serialising,
            { } known => known,
            null => ByFamily(instruction),
        };
    }

    private static bool HasMemory(in Instruction instruction) =>
        instruction.Op0Kind == OpKind.Memory || instruction.Op1Kind == OpKind.Memory;

    private static bool TouchesControl(in Instruction instruction) =>
        instruction.Op0Register.IsCR() || instruction.Op0Register.IsDR() || instruction.Op0Register.IsSegmentRegister();

    private static InstructionClass? ByFlow(in Instruction instruction) => instruction.FlowControl switch
    {
        FlowControl.Call or FlowControl.IndirectCall when !instruction.IsCallFar && !IsSystem(instruction) => InstructionClass.CallReturn,
        FlowControl.Return when instruction.Mnemonic == Mnemonic.Ret => InstructionClass.CallReturn,
        FlowControl.ConditionalBranch or FlowControl.UnconditionalBranch or FlowControl.IndirectBranch => InstructionClass.Branch,
        _ => null,
    };

    private static bool IsSystem(in Instruction instruction) => ByMnemonic[(int)instruction.Mnemonic] is not null;

    private static InstructionClass ByFamily(in Instruction instruction)
    {
        foreach (CpuidFeature feature in instruction.CpuidFeatures)
        {
            if (feature is CpuidFeature.FPU or CpuidFeature.FPU287 or CpuidFeature.FPU387)
            {
                return InstructionClass.X87;
            }

            if (feature is CpuidFeature.SSE or CpuidFeature.SSE2 or CpuidFeature.SSE3 or CpuidFeature.SSSE3
                or CpuidFeature.SSE4_1 or CpuidFeature.SSE4_2 or CpuidFeature.MMX or CpuidFeature.AVX or CpuidFeature.AVX2)
            {
                return InstructionClass.VectorInteger;
            }
        }

        return InstructionClass.Alu;
    }

    private static InstructionClass?[] Build()
    {
        InstructionClass?[] table = new InstructionClass?[Enum.GetValues<Mnemonic>().Length];
        foreach ((InstructionClass kind, Mnemonic[] members) in Rows)
        {
            foreach (Mnemonic member in members)
            {
                table[(int)member] = kind;
            }
        }

        return table;
    }
}
