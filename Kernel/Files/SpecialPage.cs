using System.Buffers.Binary;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Files;

/// <summary>A page of the kernel's own that every process may map; nobody counts its mappings, and it never leaves RAM.</summary>
/// <remarks>Its frame is taken at the first touch. Source: [Linux mm/mmap.c, _install_special_mapping].</remarks>
internal sealed class SpecialPage : IBacking, IStateful
{
    private readonly MemorySystem _mem;
    private readonly byte[] _content;
    private PageFrame? _frame;

    /// <summary>A page that begins as <paramref name="content"/>, at most 4096 bytes, with zeros behind.</summary>
    public SpecialPage(MemorySystem mem, string name, byte[] content) =>
        (_mem, Name, _content, Mapping) = (mem, name, content, mem.Rmap.NewFileMapping(this));

    /// <inheritdoc/>
    public FileMapping Mapping { get; }

    /// <inheritdoc/>
    public BackingKind Kind => BackingKind.Shmem;

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public ulong SizeBytes => 4096;

    /// <summary>The 64 bits at <paramref name="offset"/>, a multiple of 8.</summary>
    public ulong this[int offset]
    {
        get => BinaryPrimitives.ReadUInt64LittleEndian(_frame is { } frame ? _mem.Ram.Page(frame.Pfn)[offset..] : _content.AsSpan(offset));
        set
        {
            BinaryPrimitives.WriteUInt64LittleEndian(_content.AsSpan(offset), value);
            if (_frame is { } frame)
            {
                BinaryPrimitives.WriteUInt64LittleEndian(_mem.Ram.PageToWrite(frame.Pfn)[offset..], value);
            }
        }
    }

    /// <summary>Copies the page, wherever its bytes are now, over <paramref name="page"/>, 4096 bytes.</summary>
    public void CopyTo(Span<byte> page)
    {
        page.Clear();
        (_frame is { } frame ? _mem.Ram.Page(frame.Pfn) : _content).CopyTo(page);
    }

    /// <inheritdoc/>
    public Result<PageFrame> GetPage(ulong pageIndex)
    {
        if (pageIndex != 0)
        {
            return Errno.EFAULT;
        }

        if (_frame is null)
        {
            if (_mem.Source.TryTake(FrameContent.Zero) is not { } frame)
            {
                return Errno.ENOMEM;
            }

            frame.Set(PageFlags.Reserved);
            _content.CopyTo(_mem.Ram.PageToWrite(frame.Pfn));
            _frame = frame;
        }

        _frame.RefCount++;
        return _frame;
    }

    /// <inheritdoc/>
    public PageFrame? FindPage(ulong pageIndex) => pageIndex == 0 ? _frame : null;

    /// <inheritdoc/>
    public void CollectPages(ulong first, ulong last, List<PageFrame> pages)
    {
        if (first == 0 && _frame is { } frame)
        {
            pages.Add(frame);
        }
    }

    /// <inheritdoc/>
    public bool TryEvict(PageFrame frame) => false;

    /// <inheritdoc/>
    public void MappingOpened()
    {
    }

    /// <inheritdoc/>
    public void MappingClosed()
    {
    }

    object IStateful.Save(object? last) => (_frame, (byte[])[.. _content]);

    void IStateful.Restore(object state)
    {
        (_frame, byte[] content) = ((PageFrame?, byte[]))state;
        content.CopyTo(_content, 0);
    }

    void IStateful.SeeParts(StateVisitor visitor) => visitor.See(Mapping);
}
