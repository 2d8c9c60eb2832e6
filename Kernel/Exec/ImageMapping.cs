using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Mm;
using MmuEmu.Kernel.Tasks;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Exec;

/// <summary>Maps the segments of an ELF file.</summary>
/// <remarks>Source: [Linux fs/binfmt_elf.c, elf_load, elf_map, load_elf_interp].</remarks>
internal static class ImageMapping
{
    /// <summary>How far above the addresses of its file an interpreter lies: below the mmap top when it may lie anywhere, else 0.</summary>
    /// <returns>The distance; ENOMEM when there is no room.</returns>
    public static Result<ulong> PlaceFor(AddressSpace space, ElfImage image)
    {
        if (!image.PositionIndependent)
        {
            return 0UL;
        }

        VirtRange span = image.Span;
        return Placement.Search(space, span.LengthBytes).Ok(out VirtAddr start, out Errno errno) ? start.Raw - span.Start.Raw : errno;
    }

    /// <summary>Maps every segment, <paramref name="shift"/> bytes above its own address.</summary>
    /// <returns><see cref="Errno.None"/>; ENOMEM when memory is out or addresses are taken; EACCES, EPERM from mapping.</returns>
    /// <remarks>The first segment may replace nothing; the others replace what they share pages with.</remarks>
    public static Errno Place(TaskSystem system, AddressSpace space, ExecFile file, ulong shift)
    {
        MapFlags at = MapFlags.FixedNoReplace;
        foreach (ElfSegment segment in file.Image.Segments)
        {
            Errno errno = MapSegment(system, space, segment with { Address = segment.Address + shift }, file.File, at);
            if (errno != Errno.None)
            {
                return errno;
            }

            at = MapFlags.Fixed;
        }

        return Errno.None;
    }

    private static Errno MapSegment(TaskSystem system, AddressSpace space, ElfSegment segment, Inode file, MapFlags at)
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
                Flags = MapFlags.Private | at,
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

        return segment.Pages.End.Raw > anonStart ? MapZeroes(system, space, new VirtRange(new(anonStart), segment.Pages.End), Prot.Read | Prot.Write | (segment.Rights & Prot.Exec), at) : Errno.None;
    }

    private static Errno MapZeroes(TaskSystem system, AddressSpace space, VirtRange range, Prot rights, MapFlags at)
    {
        MapRequest request = new()
        {
            Address = range.Start,
            LengthBytes = range.LengthBytes,
            Prot = rights,
            Flags = MapFlags.Private | MapFlags.Anonymous | at,
        };
        return Map.Place(system.Memory, space, request).Ok(out _, out Errno errno) ? Errno.None : errno;
    }
}
