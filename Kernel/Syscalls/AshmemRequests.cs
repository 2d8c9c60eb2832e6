using System.Buffers.Binary;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>What ioctl asks of an area of ashmem.</summary>
/// <remarks>Source: [Linux drivers/staging/android/ashmem.c, uapi/ashmem.h].</remarks>
internal static class AshmemRequests
{
    private const string NameWithout = "dev/ashmem";

    private enum Request : ulong
    {
        SetName = 0x4100_7701,
        GetName = 0x8100_7702,
        SetSize = 0x4008_7703,
        GetSize = 0x7704,
        SetProtMask = 0x4008_7705,
        GetProtMask = 0x7706,
        Pin = 0x4008_7707,
        Unpin = 0x4008_7708,
        GetPinStatus = 0x7709,
        PurgeAllCaches = 0x770A,
    }

    /// <summary>Answers a request to <paramref name="area"/>.</summary>
    /// <returns>
    /// SET_NAME, SET_SIZE: 0, EINVAL once mapped, EFAULT. GET_NAME: 0, EFAULT. GET_SIZE: bytes. SET_PROT_MASK: 0, EINVAL for a right taken away
    /// before; GET_PROT_MASK: the rights. PIN: 1 when a range that it touches was purged, else 0; UNPIN: 0; GET_PIN_STATUS: 0 when any page is
    /// unpinned, 1 when all are pinned; these three EINVAL before the first mapping and for what is unaligned or beyond the size, EFAULT, ENOMEM.
    /// PURGE_ALL_CACHES: the unpinned pages there were. ENOTTY for all else.
    /// </returns>
    public static SyscallOutcome Answer(in SyscallCall call, AshmemArea area) => (Request)call.A1 switch
    {
        Request.SetName => SetName(call, area),
        Request.GetName => call.Guest.TryWrite(call.A2, NameOf(area)) ? Errno.None : Errno.EFAULT,
        Request.SetSize => area.SetSize(call.A2),
        Request.GetSize => SyscallOutcome.Of(area.SizeBytes),
        Request.SetProtMask => area.SetRights((Prot)call.A2),
        Request.GetProtMask => SyscallOutcome.Of((ulong)area.Rights),
        Request.Pin or Request.Unpin or Request.GetPinStatus => OfPins(call, area),
        Request.PurgeAllCaches => PurgeAll(call),
        _ => Errno.ENOTTY,
    };

    private static SyscallOutcome PurgeAll(in SyscallCall call)
    {
        if (call.System.Memory.Volatile is not { } purge)
        {
            return SyscallOutcome.Of(0UL);
        }

        ulong pages = purge.UnpinnedPages;
        _ = purge.PurgeUnpinned(ulong.MaxValue, ReclaimReason.Direct);
        return SyscallOutcome.Of(pages);
    }

    private static SyscallOutcome SetName(in SyscallCall call, AshmemArea area)
    {
        byte[] bytes = new byte[AshmemArea.NameBytes];
        int length = 0;
        while (length < bytes.Length - 1)
        {
            if (!call.Guest.TryRead(call.A2 + (ulong)length, bytes.AsSpan(length, 1)))
            {
                return Errno.EFAULT;
            }

            if (bytes[length] == 0)
            {
                break;
            }

            length++;
        }

        return area.SetName(GuestText.Of(bytes.AsSpan(0, length)));
    }

    private static ReadOnlySpan<byte> NameOf(AshmemArea area) => GuestText.Bytes((area.Name.Length == 0 ? NameWithout : area.Name) + "\0");

    private static SyscallOutcome OfPins(in SyscallCall call, AshmemArea area)
    {
        if (area.Memory is not { } memory || call.System.Memory.Volatile is not { } purge)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.AreaSize);
        }

        byte[] words = new byte[8];
        if (!call.Guest.TryRead(call.A2, words))
        {
            return Errno.EFAULT;
        }

        uint offset = BinaryPrimitives.ReadUInt32LittleEndian(words);
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(words.AsSpan(4));
        ulong size = VirtRange.PageAlign(area.SizeBytes);
        length = length == 0 ? unchecked((uint)size - offset) : length;
        if (((offset | length) & 0xFFF) != 0)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.LengthUnaligned);
        }

        if (length == 0 || uint.MaxValue - offset < length || size < offset + (ulong)length)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.AreaSize);
        }

        return Change(purge.PinsOf(memory), (Request)call.A1, offset, length);
    }

    private static SyscallOutcome Change(IVolatileFile pins, Request request, ulong offset, ulong length)
    {
        switch (request)
        {
            case Request.Unpin:
                return pins.Mark(offset, length);
            case Request.Pin:
                Refusal refusal = pins.Unmark(offset, length, out bool purged);
                return refusal == Refusal.None ? SyscallOutcome.Of(purged ? 1UL : 0) : refusal;
            default:
                return SyscallOutcome.Of(pins.IsVolatile(offset, length) ? 0UL : 1);
        }
    }
}
