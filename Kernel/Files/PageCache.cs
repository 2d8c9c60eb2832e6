using MmuEmu.Kernel.Frames;
using MmuEmu.Kernel.Memory;
using MmuEmu.Kernel.State;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Files;

/// <summary>The pages of one file that are in RAM.</summary>
/// <remarks>Each page holds one reference of the cache. Source: [Linux mm/filemap.c].</remarks>
internal sealed class PageCache(MemorySystem mem, FileMapping mapping) : IWholeOfParts
{
    private readonly SharedMap<ulong, PageFrame> _pages = new();

    /// <summary>Where the mappings of the file are listed.</summary>
    public FileMapping Mapping { get; } = mapping;

    /// <summary>The numbers of the pages in RAM, in no order that holds.</summary>
    public IReadOnlyCollection<ulong> Keys => _pages.Keys;

    /// <summary>Pages in RAM.</summary>
    public int Count => _pages.Count;

    /// <summary>The bytes of a page in RAM, to read.</summary>
    public ReadOnlySpan<byte> BytesOf(PageFrame frame) => mem.Ram.Page(frame.Pfn);

    /// <summary>The bytes of a page that was added just now and that nobody has mapped, to fill.</summary>
    public Span<byte> BytesOfNew(PageFrame frame) => mem.Ram.PageToWrite(frame.Pfn);

    /// <summary>Writes bytes into a page from byte <paramref name="at"/> on; all who map it see them, as data and as code.</summary>
    public void Write(PageFrame frame, int at, ReadOnlySpan<byte> source)
    {
        source.CopyTo(mem.Ram.PageToWrite(frame.Pfn)[at..]);
        Written(frame, at, source.Length);
    }

    /// <summary>Zeroes the bytes <paramref name="from"/> to <paramref name="to"/> of a page, likewise.</summary>
    public void Clear(PageFrame frame, int from, int to)
    {
        mem.Ram.PageToWrite(frame.Pfn)[from..to].Clear();
        Written(frame, from, to - from);
    }

    /// <summary>The page if it is in RAM, without a reference.</summary>
    public PageFrame? Find(ulong index) => _pages.Find(index);

    /// <summary>Takes a frame for a page that is not in RAM, and remembers it; null when memory is out.</summary>
    public PageFrame? Add(ulong index, PageFlags flags, FrameContent content)
    {
        PageFrame? frame = mem.Source.TryTake(content);
        if (frame is null)
        {
            return null;
        }

        frame.Mapping = MappingWord.OfFile(Mapping.Id);
        frame.Index = index;
        frame.Set(flags);
        mem.Lru.Add(frame);
        _pages.Set(index, frame);
        return frame;
    }

    /// <summary>A page has been read from the file's device.</summary>
    public void NoteRead() => mem.PagesRead++;

    /// <summary>Forgets a page and lets the cache's reference go.</summary>
    public void Drop(PageFrame frame)
    {
        if (_pages.Remove(frame.Index))
        {
            mem.Source.Release(frame);
        }
    }

    /// <summary>Appends the pages in RAM from number <paramref name="first"/> to <paramref name="last"/>, sorted; costs what the lesser of the two counts costs.</summary>
    public void Collect(ulong first, ulong last, List<PageFrame> pages)
    {
        if (last - first < (ulong)_pages.Count)
        {
            for (ulong index = first; index <= last; index++)
            {
                if (Find(index) is { } frame)
                {
                    pages.Add(frame);
                }
            }

            return;
        }

        foreach (ulong index in PageNumbers.Sorted(_pages.Keys, first, last))
        {
            pages.Add(Find(index)!);
        }
    }

    private void Written(PageFrame frame, int at, int count)
    {
        frame.Set(PageFlags.Dirty);
        mem.Code?.Written(frame.Pfn.Base + (ulong)at, count);
    }

    void IStateful.SeeParts(StateVisitor visitor)
    {
        visitor.See(_pages);
        visitor.See(Mapping);
    }
}
