using System.Diagnostics.CodeAnalysis;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Tasks;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Views;

/// <summary>A run that stands still, as a debugger sees it: every answer is a value, and asking changes nothing.</summary>
/// <remarks>Ask between two calls of <see cref="MiniKernel.Run"/>; an answer is of that moment, and a view needs no making anew when the run has gone on.</remarks>
/// <param name="kernel">The run.</param>
public sealed class KernelView(MiniKernel kernel)
{
    /// <summary>T: instructions retired.</summary>
    public ulong Time => kernel.Time;

    private TaskSystem System => kernel.System;

    private MemorySystem Mem => kernel.Memory;

    /// <summary>All threads, by process and in the order in which they began; ended ones as long as they hold their ids.</summary>
    public IReadOnlyList<TaskView> Tasks() => TaskLook.All(kernel);

    /// <summary>The thread at work; null between two.</summary>
    public TaskView? Current => System.Current is { } thread ? TaskLook.At(kernel, thread) : null;

    /// <summary>The thread with that id; null when there is none.</summary>
    public TaskView? TaskOf(int tid) => System.Processes.FindThread(tid) is { } thread ? TaskLook.At(kernel, thread) : null;

    /// <summary>Registers of the thread with that id, wherever they are now; null when there is none.</summary>
    public TaskRegisters? RegistersOf(int tid) => System.Processes.FindThread(tid) is { } thread ? RegisterLook.At(kernel, thread) : null;

    /// <summary>All processes that are not yet reaped, lowest id first.</summary>
    public IReadOnlyList<ProcessView> Processes() => TaskLook.Processes(System);

    /// <summary>All address spaces, oldest first.</summary>
    public IReadOnlyList<SpaceView> Spaces() => SpaceLook.All(System);

    /// <summary>The address space with that number; null when none lives.</summary>
    public SpaceView? SpaceOf(int space) => Find(space) is { } found ? SpaceLook.At(System, found) : null;

    /// <summary>The mappings of a space, lowest first; none when there is no such space.</summary>
    public IReadOnlyList<VmaView> Vmas(int space) => Find(space) is { } found ? VmaLook.All(Mem, found) : [];

    /// <summary>The mapping that covers an address; null for none.</summary>
    public VmaView? VmaAt(int space, VirtAddr address) =>
        Find(space) is { } found && VmaLook.Covering(found, address) is { } vma ? VmaLook.At(Mem, vma) : null;

    /// <summary>The entry that decides for an address of any space; null when there is no such space.</summary>
    public EntryView? EntryAt(int space, VirtAddr address) => Find(space) is { } found ? EntryLook.At(Mem, found, address) : null;

    /// <summary>What there is to say about each page from the one of <paramref name="start"/> on.</summary>
    /// <param name="space">The number of the space.</param>
    /// <param name="start">An address in the first page.</param>
    /// <param name="pages">Out: a value for each page, as many as there is room for.</param>
    /// <returns>Pages told: fewer than there is room for at the end of user addresses, none when there is no such space.</returns>
    public int PagesFrom(int space, VirtAddr start, Span<PageState> pages) => Find(space) is { } found ? PageStrip.Fill(Mem, found, start, pages) : 0;

    /// <summary>One frame of RAM; finding its place on a list, or the space of a table, may take a walk.</summary>
    public FrameView FrameOf(Pfn frame) => FrameLook.At(Mem, frame);

    /// <summary>How much memory is used for what.</summary>
    public MemoryView Memory() => MemoryLook.Of(Mem);

    /// <summary>The frames on one of the lists, the next victim first, at most <paramref name="most"/>.</summary>
    public IReadOnlyList<Pfn> FramesOn(LruKind list, int most) => MemoryLook.FramesOn(Mem, list, most);

    /// <summary>Reads memory of a space up to the first byte that no entry holds a frame for; rights are not asked.</summary>
    /// <param name="space">The number of the space.</param>
    /// <param name="address">The first byte.</param>
    /// <param name="bytes">Out: what was read.</param>
    /// <param name="last">Out: the state of the page at which it ended.</param>
    /// <returns>Bytes read.</returns>
    public int ReadMemory(int space, VirtAddr address, Span<byte> bytes, out PageState last) => Read(space, address, bytes, ReadReach.Frames, out last);

    /// <summary>
    /// The same, and where an entry holds no frame, what a touch would bring in: from the swap cache, the swap slot, the page cache or the file,
    /// or zeros of untouched memory. It stays where it is. Purged pages, holes that raise a signal and what lies beyond a file end it.
    /// </summary>
    /// <inheritdoc cref="ReadMemory"/>
    public int ReadBehind(int space, VirtAddr address, Span<byte> bytes, out PageState last) => Read(space, address, bytes, ReadReach.Behind, out last);

    /// <summary>Reads RAM up to its end.</summary>
    /// <returns>Bytes read.</returns>
    public int ReadPhysical(PhysAddr address, Span<byte> bytes)
    {
        ulong left = address.Raw < Mem.Ram.SizeBytes ? Mem.Ram.SizeBytes - address.Raw : 0;
        int count = (int)Math.Min((ulong)bytes.Length, left);
        if (count > 0)
        {
            Mem.Ram.Slice(address, count).CopyTo(bytes);
        }

        return count;
    }

    /// <summary>True when there is RAM at a physical address.</summary>
    public bool IsRam(PhysAddr address) => address.Raw < Mem.Ram.SizeBytes;

    /// <summary>The files that a space maps, lowest mapping first: programs, their interpreters, libraries and others with a path.</summary>
    /// <returns>Of each its path; the address at which its first byte lies, or would lie going by its lowest mapping; its path on the host, null where it has none.</returns>
    public IReadOnlyList<(string Path, VirtAddr Base, string? HostPath)> Objects(int space) => Find(space) is { } found ? ObjectLook.All(System, found) : [];

    /// <summary>Where a file that the guest has opened lies on the host; null when it has no place there.</summary>
    public string? HostPathOf(string path) => ObjectLook.HostPathOf(System, path);

    /// <summary>The content of a file that a process runs or maps, also of one that is nowhere on the host.</summary>
    /// <param name="path">Its path, as <see cref="Objects"/> and <see cref="ProcessView"/> have it.</param>
    /// <param name="content">Out: all its bytes.</param>
    /// <returns>False when no process runs or maps such a file, when it is larger than an array, or when the host refuses it.</returns>
    public bool TryReadFile(string path, [NotNullWhen(true)] out byte[]? content) => ObjectLook.TryRead(System, path, out content);

    /// <summary>SHA-256 of T, the registers of all threads, and RAM: two runs at the same point have the same.</summary>
    /// <returns>32 bytes: over <see cref="HashStep"/> and <see cref="MiniKernel.HashRam"/>, 32 bytes each.</returns>
    public byte[] HashState() => StateHash.Of(kernel);

    /// <summary>XXH128 over the registers of all threads and every page of RAM that differs between two images of this run: what one piece of the run has done.</summary>
    /// <remarks>For chains: each moment's number with that of the moment before in it. It is quick, and no protection against malice.</remarks>
    /// <param name="now">The run as it is, just saved.</param>
    /// <param name="before">An earlier image; null for RAM full of zeros.</param>
    /// <param name="chain">The number of the moment before; empty for the first.</param>
    /// <returns>16 bytes.</returns>
    public byte[] HashChanges(RunImage now, RunImage? before, ReadOnlySpan<byte> chain) => ChangeHash.Of(HashStep(), now, before, chain);

    /// <summary>SHA-256 of T and the registers of all threads, which costs little.</summary>
    /// <returns>
    /// 32 bytes: over T in 8 bytes, little-endian, and of each thread in the order of <see cref="Tasks"/> its id, its general-purpose registers by
    /// number, RIP, RFLAGS, FS base and GS base in 8 bytes each, its FXSAVE image and the upper halves of its YMM registers.
    /// </returns>
    public byte[] HashStep() => StateHash.OfStep(kernel);

    private int Read(int space, VirtAddr address, Span<byte> bytes, ReadReach reach, out PageState last)
    {
        last = PageState.None;
        return Find(space) is { } found ? MemoryReader.Read(Mem, found, address, bytes, reach, out last) : 0;
    }

    private AddressSpace? Find(int space) => SpaceLook.Find(Mem, space);
}
