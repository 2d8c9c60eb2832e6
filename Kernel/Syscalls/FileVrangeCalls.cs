using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>What mvrange and fvrange are asked to do.</summary>
/// <remarks>The first two as in v7; the last two were an idea in the thread, to spare one kind of memory the cost of the other (V-224).</remarks>
internal enum FileVrangeMode
{
    /// <summary>VRANGE_VOLATILE: memory of both kinds may be purged.</summary>
    Volatile = 0,

    /// <summary>VRANGE_NOVOLATILE: the bytes stay; the answer tells whether some were lost.</summary>
    NonVolatile = 1,

    /// <summary>VRANGE_ISVOLATILE: changes nothing; the answer tells whether any of the bytes is volatile (V-223).</summary>
    IsVolatile = 2,

    /// <summary>VOLATILE_ANON: as VRANGE_VOLATILE, for private memory only.</summary>
    VolatileAnon = 3,

    /// <summary>VOLATILE_FILE: as VRANGE_VOLATILE, for shared mappings only.</summary>
    VolatileFile = 4,
}

/// <summary>mvrange and fvrange, the pair of calls that the thread of April 2013 was about.</summary>
/// <remarks>Neither was ever given a number; the numbers are this kernel's choice. Source: [vrange on files, thread of April 2013].</remarks>
internal static class FileVrangeCalls
{
    private const ulong LastBehavior = 1;

    /// <summary><c>mvrange(start, length, mode, behavior)</c>.</summary>
    /// <returns>
    /// 0; 1 when bytes made non-volatile were lost, or when bytes asked about are volatile. EINVAL: the start is unaligned or no user address, the
    /// length is 0, negative, unaligned or wraps, mode or behavior is unknown; ENOMEM: no range node; what came before it is marked. Holes and mappings that are never purged are passed over.
    /// </returns>
    public static SyscallOutcome Mvrange(in SyscallCall call)
    {
        ErrnoCause wrong = WhatIsWrong(call.A0, call.A1, call.A2, call.A3, mayChooseKind: true);
        wrong = wrong == ErrnoCause.None && call.A0 >= VirtRange.TaskSize ? ErrnoCause.BeyondUserSpace : wrong;
        if (wrong != ErrnoCause.None)
        {
            return new Refusal(Errno.EINVAL, wrong);
        }

        return call.System.Memory.Volatile is { Traits.InMappings: false } purge
            ? new MvrangeWalk(purge, call.System.Memory.Profile.Files == FileMarks.K, ModeOf(call.A2)).Run(call.Space, VirtRange.Of(new VirtAddr(call.A0), call.A1))
            : new Refusal(Errno.ENOSYS, ErrnoCause.NotInProfile);
    }

    /// <summary><c>fvrange(fd, offset, length, mode, behavior)</c>: the mark is the file's, until it is taken away or nobody has the file open or mapped (V-220).</summary>
    /// <returns>0 or 1 as mvrange; EBADF; ESPIPE for pipes and sockets; ENODEV for what cannot be mapped; EINVAL as mvrange, and for VOLATILE_ANON; ENOMEM.</returns>
    public static SyscallOutcome Fvrange(in SyscallCall call)
    {
        if (!call.FileOf(call.A0).Ok(out OpenFile? file, out Errno errno))
        {
            return errno;
        }

        if ((file.Flags & OpenFlags.PathOnly) != 0)
        {
            return Errno.EBADF;
        }

        if (file.Content?.Backing is not { } backing)
        {
            bool isStream = file.Inode.Kind is InodeKind.Pipe or InodeKind.Socket;
            return isStream ? new Refusal(Errno.ESPIPE, ErrnoCause.NotSeekable) : new Refusal(Errno.ENODEV, ErrnoCause.FileNotMappable);
        }

        ErrnoCause wrong = WhatIsWrong(call.A1, call.A2, call.A3, call.A4, mayChooseKind: false);
        wrong = wrong == ErrnoCause.None && unchecked((long)(call.A1 + call.A2)) < 0 ? ErrnoCause.OffsetWraps : wrong;
        if (wrong != ErrnoCause.None)
        {
            return new Refusal(Errno.EINVAL, wrong);
        }

        return call.System.Memory.Volatile is { Traits.InMappings: false } purge
            ? OfFile(purge.RangesOf(backing), call.A1, call.A2, ModeOf(call.A3))
            : new Refusal(Errno.ENOSYS, ErrnoCause.NotInProfile);
    }

    private static FileVrangeMode ModeOf(ulong register) => (FileVrangeMode)unchecked((int)register);

    private static ErrnoCause WhatIsWrong(ulong start, ulong length, ulong mode, ulong behavior, bool mayChooseKind) => ModeOf(mode) switch
    {
        _ when (start & 0xFFF) != 0 => ErrnoCause.StartUnaligned,
        _ when length == 0 => ErrnoCause.LengthZero,
        _ when unchecked((long)length) < 0 => ErrnoCause.LengthNegative,
        _ when (length & 0xFFF) != 0 => ErrnoCause.LengthUnaligned,
        _ when unchecked(start + length) < start => ErrnoCause.RangeWraps,
        < FileVrangeMode.Volatile or > FileVrangeMode.VolatileFile => ErrnoCause.ModeUnknown,
        FileVrangeMode.VolatileAnon when !mayChooseKind => ErrnoCause.ModeUnknown,
        _ when behavior > LastBehavior => ErrnoCause.FlagsUnknown,
        _ => ErrnoCause.None,
    };

    /// <summary>Does it to bytes of a file.</summary>
    /// <returns>0 or 1; ENOMEM.</returns>
    internal static SyscallOutcome OfFile(IVolatileFile ranges, ulong offset, ulong length, FileVrangeMode mode)
    {
        bool yes = false;
        Refusal refusal = mode switch
        {
            FileVrangeMode.IsVolatile => Refusal.None,
            FileVrangeMode.NonVolatile => ranges.Unmark(offset, length, out yes),
            _ => ranges.Mark(offset, length),
        };
        yes |= mode == FileVrangeMode.IsVolatile && ranges.IsVolatile(offset, length);
        return refusal == Refusal.None ? SyscallOutcome.Of(yes ? 1UL : 0) : refusal;
    }
}
