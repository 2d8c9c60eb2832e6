namespace MmuEmu.Emulator.Cpu;

/// <summary>Takes a program's registers off a vCPU, and puts them on one.</summary>
public static unsafe class ContextCopy
{
    /// <summary>Copies the registers out.</summary>
    public static void Save(this Vcpu vcpu, UserContext to)
    {
        new ReadOnlySpan<ulong>(vcpu.State->Slots, 16).CopyTo(to.Registers);
        (to.Rip, to.Rflags, to.FsBase, to.GsBase) = (vcpu.Rip, vcpu.Flags, vcpu.FsBase, vcpu.GsBase);
        FxImage.Save(vcpu, to.Fx);
        XsaveImage.SaveUpper(vcpu.State, to.Upper);
    }

    /// <summary>Takes the registers over.</summary>
    public static void Load(this Vcpu vcpu, UserContext from)
    {
        from.Registers.CopyTo(new Span<ulong>(vcpu.State->Slots, 16));
        (vcpu.Rip, vcpu.Flags, vcpu.FsBase, vcpu.GsBase) = (from.Rip, from.Rflags, from.FsBase, from.GsBase);
        FxImage.Load(vcpu, from.Fx);
        XsaveImage.LoadUpper(vcpu.State, from.Upper);
    }
}
