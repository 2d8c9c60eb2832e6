using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Files;

/// <summary>The file that a copy in RAM began as: what of it still shows through.</summary>
/// <remarks>The copy is made page by page; a page that was cut off or punched out never shows again.</remarks>
internal sealed class LowerFile(IFileContent file) : IStateful
{
    private readonly SharedMap<ulong, HiddenPage> _hidden = new();
    private ulong _bytes = file.SizeBytes;

    /// <summary>True when page <paramref name="index"/> has bytes that show.</summary>
    public bool Has(ulong index) => index << 12 < _bytes && _hidden.Find(index) is null;

    /// <summary>Reads what shows of a page from byte <paramref name="at"/> on, and zeros where nothing does.</summary>
    public void Read(ulong index, int at, Span<byte> destination)
    {
        destination.Clear();
        ulong start = (index << 12) + (ulong)at;
        if (Has(index) && start < _bytes)
        {
            int count = (int)Math.Min((ulong)destination.Length, _bytes - start);
            _ = file.Read(start, destination[..count]);
        }
    }

    /// <summary>The first page from <paramref name="index"/> on that has bytes that show; null for none.</summary>
    public ulong? FirstFrom(ulong index)
    {
        while (index << 12 < _bytes && !Has(index))
        {
            index++;
        }

        return Has(index) ? index : null;
    }

    /// <summary>The pages <paramref name="first"/> to <paramref name="end"/>, which is not one of them, show no more.</summary>
    public void Hide(ulong first, ulong end)
    {
        for (ulong index = first; index < Math.Min(end, (_bytes + 0xFFF) >> 12); index++)
        {
            _hidden.Set(index, HiddenPage.One);
        }
    }

    /// <summary>Nothing from byte <paramref name="sizeBytes"/> on shows any more.</summary>
    public void Cut(ulong sizeBytes) => _bytes = Math.Min(_bytes, sizeBytes);

    object IStateful.Save(object? last) => SavedItems.Same(_bytes, last);

    void IStateful.Restore(object state) => _bytes = (ulong)state;

    void IStateful.SeeParts(StateVisitor visitor)
    {
        visitor.See(_hidden);
        visitor.SeeAny(file);
    }

    /// <summary>Says that a page is hidden; all are alike.</summary>
    private sealed record HiddenPage
    {
        public static readonly HiddenPage One = new();
    }
}
