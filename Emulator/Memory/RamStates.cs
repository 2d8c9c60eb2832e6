using System.Numerics;

namespace MmuEmu.Emulator.Memory;

/// <summary>Saves and restores RAM: what it held when it was saved or restored last, and which frames may differ from that by now.</summary>
/// <remarks>Both cost what was written in between, and one look at each group of 64 frames.</remarks>
internal sealed unsafe class RamStates(WrittenFrames written) : IDisposable
{
    private const int PageBytes = PageStore.PageBytes;

    private readonly PageStore _store = new();

    // RAM begins as zeros.
    private PageTree _base = new(new PageGroup?[written.Length]);

    /// <summary>Buffers that images hold, and the last state saved or restored.</summary>
    internal int PagesHeld
    {
        get
        {
            _store.Settle();
            return _store.Count;
        }
    }

    /// <summary>The content of RAM, which begins at <paramref name="ram"/>, now.</summary>
    internal RamImage Save(byte* ram)
    {
        _store.Settle();
        PageGroup?[] groups = (PageGroup?[])_base.Groups.Clone();
        for (int i = 0; i < groups.Length; i++)
        {
            if (written.Take(i, out ulong open) is not 0 and ulong changed)
            {
                groups[i] = SaveGroup(ram + ((nuint)i * PageGroup.Frames * PageBytes), groups[i], changed, open);
            }
            else
            {
                groups[i]?.Hold();
            }
        }

        Rebase(new PageTree(groups));
        return new RamImage(_base, _store);
    }

    /// <summary>Gives RAM the content of <paramref name="image"/>: writes the pages that differ, and no others.</summary>
    /// <exception cref="ArgumentException">The image is another RAM's, or was disposed of.</exception>
    internal void Restore(byte* ram, RamImage image)
    {
        if (image.Tree is not { } wanted || !image.IsOf(_store))
        {
            throw new ArgumentException("The image is another RAM's, or was disposed of.", nameof(image));
        }

        _store.Settle();
        for (int i = 0; i < wanted.Groups.Length; i++)
        {
            (PageGroup? now, PageGroup? then) = (_base.Groups[i], wanted.Groups[i]);
            if (written.Take(i, out _) is var changed && (changed != 0 || now != then))
            {
                RestoreGroup(ram + ((nuint)i * PageGroup.Frames * PageBytes), then, changed | Differing(now, then));
            }
        }

        wanted.Hold();
        Rebase(wanted);
    }

    /// <summary>Gives the memory of all images back.</summary>
    public void Dispose() => _store.Dispose();

    /// <summary>Takes a tree that is held for this as what RAM holds now.</summary>
    private void Rebase(PageTree tree)
    {
        PageTree before = _base;
        _base = tree;
        before.Leave(_store);
    }

    /// <summary>A group for frames of which those in <paramref name="changed"/> may differ from <paramref name="last"/>; the same when none does.</summary>
    /// <remarks>Those in <paramref name="open"/> are compared before they are copied; one that was written as a rule does differ.</remarks>
    private PageGroup? SaveGroup(byte* frames, PageGroup? last, ulong changed, ulong open)
    {
        PageGroup.Numbers numbers = last is null ? default : last.Pages;
        ulong differing = 0;
        for (ulong left = changed; left != 0; left &= left - 1)
        {
            int frame = BitOperations.TrailingZeroCount(left);
            byte* page = frames + (frame * PageBytes);
            if ((open >> frame & 1) == 0 || !IsSaved(page, numbers[frame]))
            {
                numbers[frame] = IsZero(page) ? 0 : _store.Copy(page);
                differing |= 1UL << frame;
            }
        }

        if (differing == 0)
        {
            last?.Hold();
            return last;
        }

        for (ulong left = ~differing; left != 0; left &= left - 1)
        {
            _store.Hold(numbers[BitOperations.TrailingZeroCount(left)]);
        }

        return new PageGroup { Pages = numbers };
    }

    private void RestoreGroup(byte* frames, PageGroup? wanted, ulong differing)
    {
        for (ulong left = differing; left != 0; left &= left - 1)
        {
            int frame = BitOperations.TrailingZeroCount(left);
            Span<byte> page = new(frames + (frame * PageBytes), PageBytes);
            if (wanted is not null && wanted.Pages[frame] is not 0 and int number)
            {
                new ReadOnlySpan<byte>(_store[number], PageBytes).CopyTo(page);
            }
            else
            {
                page.Clear();
            }
        }
    }

    private static ulong Differing(PageGroup? one, PageGroup? other)
    {
        ulong differing = 0;
        for (int i = 0; i < PageGroup.Frames && one != other; i++)
        {
            differing |= (one?.Pages[i] ?? 0) != (other?.Pages[i] ?? 0) ? 1UL << i : 0;
        }

        return differing;
    }

    private bool IsSaved(byte* page, int number) => number == 0
        ? IsZero(page)
        : new ReadOnlySpan<byte>(page, PageBytes).SequenceEqual(new ReadOnlySpan<byte>(_store[number], PageBytes));

    private static bool IsZero(byte* page) => !new ReadOnlySpan<byte>(page, PageBytes).ContainsAnyExcept((byte)0);
}
