using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Delivery;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Tasks;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Exec;

/// <summary>A program in a fresh address space, ready to run.</summary>
/// <param name="Space">The space.</param>
/// <param name="Entry">RIP at entry.</param>
/// <param name="Stack">RSP at entry, and what lies there.</param>
internal sealed record LoadedProgram(AddressSpace Space, VirtAddr Entry, InitialStack Stack);

/// <summary>Builds the address space of a program from its file.</summary>
/// <remarks>Source: [Linux fs/binfmt_elf.c, load_elf_binary, elf_map, set_brk; fs/exec.c, setup_arg_pages].</remarks>
internal static class ProgramLoader
{
    /// <summary>In AT_HWCAP2: RDFSBASE and kin work at CPL 3. Source: [Linux arch/x86/include/uapi/asm/hwcap2.h].</summary>
    private const ulong HwcapFsGsBase = 1 << 1;

    private const ulong ClockTicks = 100;
    private const ulong StackReserveBytes = 0x2_0000;

    /// <summary>Loads <paramref name="file"/>, and <paramref name="interpreter"/> beside it, which then starts first.</summary>
    /// <param name="system">The parts.</param>
    /// <param name="file">The program's file.</param>
    /// <param name="interpreter">What starts it; null when it starts by itself.</param>
    /// <param name="program">Name, arguments and environment.</param>
    /// <returns>The program; ENOMEM when it does not fit; E2BIG when arguments and environment are too long; EINVAL, EACCES from mapping.</returns>
    /// <remarks>The processor runs in the space that it ran in before, also after a failure.</remarks>
    public static Result<LoadedProgram> Load(TaskSystem system, ExecFile file, ExecFile? interpreter, ProgramInfo program)
    {
        if (!NewSpace.Create(system.Memory).Ok(out AddressSpace? space, out Errno errno))
        {
            return errno;
        }

        space.Meanings = ProposalTable.InForce(system.Memory.Profile, file.Image.Declared);
        AddressSpace? before = system.Guest.Space;
        ContextSwitch.Enter(system, space);
        Result<LoadedProgram> result = Fill(system, space, new Parts(file, interpreter), program);
        bool loaded = result.Ok(out _, out _);
        if (before is not null)
        {
            ContextSwitch.Enter(system, before);
        }

        if (!loaded)
        {
            ExitSpace.TearDown(system.Memory, space);
        }

        return result;
    }

    private static Result<LoadedProgram> Fill(TaskSystem system, AddressSpace space, in Parts parts, ProgramInfo program)
    {
        ElfImage image = parts.Program.Image;
        ulong @base = system.Layout.ProgramBase().Raw & ~(image.Alignment - 1);
        Shifts shifts = new(image.PositionIndependent ? @base - image.Span.Start.Raw : 0, 0);
        space.MmapTop = system.Layout.MmapTop();
        Errno errno = ImageMapping.Place(system, space, parts.Program, shifts.Program);
        if (errno != Errno.None)
        {
            return errno;
        }

        space.BrkStart = space.Brk = system.Layout.HeapStart(image.Span.End + shifts.Program);
        if (parts.Interpreter is { } starter)
        {
            if (!ImageMapping.PlaceFor(space, starter.Image).Ok(out ulong shift, out errno))
            {
                return errno;
            }

            shifts = shifts with { Interpreter = shift };
            errno = ImageMapping.Place(system, space, starter, shift);
        }

        return errno == Errno.None ? FillStack(system, space, parts, shifts, program) : errno;
    }

    private static Result<LoadedProgram> FillStack(
        TaskSystem system, AddressSpace space, Parts parts, Shifts shifts, ProgramInfo program)
    {
        ElfImage image = parts.Program.Image;
        if (!Vdso.Place(system, space).Ok(out VirtAddr vdso, out Errno errno))
        {
            return errno;
        }

        VirtAddr top = system.Layout.StackTop();
        Span<byte> random = stackalloc byte[16];
        system.Random.Fill(random);
        InitialStack stack = InitialStack.Build(top, program, [(AuxKey.VdsoHeader, vdso.Raw), .. Auxiliary(parts, shifts, system.Core.Vcpu)], random);
        if (stack.Bytes.Length > InitialStack.MaxBytes)
        {
            return Errno.E2BIG;
        }

        ulong length = VirtRange.PageAlign((ulong)stack.Bytes.Length) + StackReserveBytes;
        MapRequest request = new()
        {
            Address = top - length,
            LengthBytes = length,
            Prot = Prot.Read | Prot.Write | (image.ExecutableStack ? Prot.Exec : Prot.None),
            Flags = MapFlags.Private | MapFlags.Anonymous | MapFlags.FixedNoReplace | MapFlags.GrowsDown,
            Label = "[stack]",
        };
        if (!Map.Place(system.Memory, space, request).Ok(out _, out errno))
        {
            return errno;
        }

        return system.Guest.TryWrite(stack.Pointer.Raw, stack.Bytes)
            ? new LoadedProgram(space, new VirtAddr(parts.Interpreter is { } starter ? starter.Image.Entry + shifts.Interpreter : image.Entry + shifts.Program), stack)
            : Errno.ENOMEM;
    }

    private static List<(AuxKey Key, ulong Value)> Auxiliary(in Parts parts, in Shifts shifts, Vcpu vcpu) =>
    [
        (AuxKey.MinSignalStackBytes, SignalFpState.MinStackBytes(vcpu)),
        (AuxKey.Hwcap, vcpu.Cpuid(1, 0).Edx),
        (AuxKey.PageBytes, 4096),
        (AuxKey.ClockTicks, ClockTicks),
        (AuxKey.ProgramHeaders, parts.Program.Image.ProgramHeaders == 0 ? 0 : parts.Program.Image.ProgramHeaders + shifts.Program),
        (AuxKey.ProgramHeaderBytes, ElfParser.ProgramHeaderBytes),
        (AuxKey.ProgramHeaderCount, (ulong)parts.Program.Image.ProgramHeaderCount),
        (AuxKey.InterpreterBase, shifts.Interpreter),
        (AuxKey.Flags, 0),
        (AuxKey.Entry, parts.Program.Image.Entry + shifts.Program),
        (AuxKey.Uid, 0),
        (AuxKey.EffectiveUid, 0),
        (AuxKey.Gid, 0),
        (AuxKey.EffectiveGid, 0),
        (AuxKey.Secure, 0),
        (AuxKey.Hwcap2, (vcpu.Control.Cr4 & Cr4Bits.Fsgsbase) != 0 ? HwcapFsGsBase : 0),
    ];

    /// <summary>What is mapped.</summary>
    private readonly record struct Parts(ExecFile Program, ExecFile? Interpreter);

    /// <summary>How far each lies above the addresses of its file.</summary>
    private readonly record struct Shifts(ulong Program, ulong Interpreter);
}
