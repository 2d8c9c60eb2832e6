using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Delivery;
using MmuEmu.Kernel.Files;
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

    /// <summary>Loads <paramref name="image"/> from <paramref name="program"/>'s file.</summary>
    /// <returns>The program; ENOMEM when it does not fit; E2BIG when arguments and environment are too long; EINVAL, EACCES from mapping.</returns>
    /// <remarks>The processor runs in the space that it ran in before, also after a failure.</remarks>
    public static Result<LoadedProgram> Load(TaskSystem system, ElfImage image, ProgramInfo program)
    {
        if (!NewSpace.Create(system.Memory).Ok(out AddressSpace? space, out Errno errno))
        {
            return errno;
        }

        AddressSpace? before = system.Guest.Space;
        ContextSwitch.Enter(system, space);
        Result<LoadedProgram> result = Fill(system, space, image, program);
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

    private static Result<LoadedProgram> Fill(TaskSystem system, AddressSpace space, ElfImage image, ProgramInfo program)
    {
        ulong shift = image.PositionIndependent ? system.Layout.ProgramBase().Raw - image.Span.Start.Raw : 0;
        space.MmapTop = system.Layout.MmapTop();
        foreach (ElfSegment segment in image.Segments)
        {
            Errno errno = MapSegment(system, space, segment with { Address = segment.Address + shift }, program.File);
            if (errno != Errno.None)
            {
                return errno;
            }
        }

        space.BrkStart = space.Brk = system.Layout.HeapStart(image.Span.End + shift);
        return FillStack(system, space, image, program, shift);
    }

    private static Errno MapSegment(TaskSystem system, AddressSpace space, ElfSegment segment, Inode file)
    {
        ulong fileEnd = segment.Address + segment.FileBytes;
        ulong anonStart = segment.FileBytes == 0 ? segment.Pages.Start.Raw : VirtRange.PageAlign(fileEnd);
        if (segment.FileBytes != 0)
        {
            MapRequest request = new()
            {
                Address = segment.Pages.Start,
                LengthBytes = anonStart - segment.Pages.Start.Raw,
                Prot = segment.Rights,
                Flags = MapFlags.Private | MapFlags.FixedNoReplace,
                Backing = file.Content?.Backing,
                PageOffset = segment.FileOffset >> 12,
            };
            if (!Map.Place(system.Memory, space, request).Ok(out _, out Errno errno))
            {
                return errno;
            }

            bool cut = segment.MemoryBytes > segment.FileBytes && (segment.Rights & Prot.Write) != 0;
            if (cut && !system.Guest.TryWrite(fileEnd, new byte[anonStart - fileEnd]))
            {
                return Errno.ENOMEM;
            }
        }

        return segment.Pages.End.Raw > anonStart ? MapZeroes(system, space, new VirtRange(new(anonStart), segment.Pages.End), segment.Rights) : Errno.None;
    }

    private static Errno MapZeroes(TaskSystem system, AddressSpace space, VirtRange range, Prot rights)
    {
        MapRequest request = new()
        {
            Address = range.Start,
            LengthBytes = range.LengthBytes,
            Prot = rights,
            Flags = MapFlags.Private | MapFlags.Anonymous | MapFlags.FixedNoReplace,
        };
        return Map.Place(system.Memory, space, request).Ok(out _, out Errno errno) ? Errno.None : errno;
    }

    private static Result<LoadedProgram> FillStack(
        TaskSystem system, AddressSpace space, ElfImage image, ProgramInfo program, ulong shift)
    {
        VirtAddr top = system.Layout.StackTop();
        Span<byte> random = stackalloc byte[16];
        system.Random.Fill(random);
        InitialStack stack = InitialStack.Build(top, program, Auxiliary(image, shift, system.Core.Vcpu), random);
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
        if (!Map.Place(system.Memory, space, request).Ok(out _, out Errno errno))
        {
            return errno;
        }

        return system.Guest.TryWrite(stack.Pointer.Raw, stack.Bytes)
            ? new LoadedProgram(space, new VirtAddr(image.Entry + shift), stack)
            : Errno.ENOMEM;
    }

    private static List<(AuxKey Key, ulong Value)> Auxiliary(ElfImage image, ulong shift, Vcpu vcpu) =>
    [
        (AuxKey.MinSignalStackBytes, SignalFpState.MinStackBytes(vcpu)),
        (AuxKey.Hwcap, vcpu.Cpuid(1, 0).Edx),
        (AuxKey.PageBytes, 4096),
        (AuxKey.ClockTicks, ClockTicks),
        (AuxKey.ProgramHeaders, image.ProgramHeaders == 0 ? 0 : image.ProgramHeaders + shift),
        (AuxKey.ProgramHeaderBytes, ElfParser.ProgramHeaderBytes),
        (AuxKey.ProgramHeaderCount, (ulong)image.ProgramHeaderCount),
        (AuxKey.InterpreterBase, 0),
        (AuxKey.Flags, 0),
        (AuxKey.Entry, image.Entry + shift),
        (AuxKey.Uid, 0),
        (AuxKey.EffectiveUid, 0),
        (AuxKey.Gid, 0),
        (AuxKey.EffectiveGid, 0),
        (AuxKey.Secure, 0),
        (AuxKey.Hwcap2, (vcpu.Control.Cr4 & Cr4Bits.Fsgsbase) != 0 ? HwcapFsGsBase : 0),
    ];
}
