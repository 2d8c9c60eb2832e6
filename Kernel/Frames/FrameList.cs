using System.Diagnostics;
using System.Runtime.CompilerServices;
using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Frames;

/// <summary>A doubly linked list of frames; a frame is on at most one list.</summary>
/// <param name="number">Which list it is: a number of its own among all lists of one machine, from 1 on.</param>
internal sealed class FrameList(byte number) : IStateful
{
    /// <summary>Frames on the list.</summary>
    public int Count { get; private set; }

    /// <summary>The first frame: the youngest of an LRU list.</summary>
    public PageFrame? Head { get; private set; }

    /// <summary>The last frame: the next victim of an LRU list.</summary>
    public PageFrame? Tail { get; private set; }

    /// <summary>The frame before <paramref name="frame"/>, towards the head.</summary>
    public static PageFrame? Before(PageFrame frame) => frame.ListPrevious;

    /// <summary>The frame after <paramref name="frame"/>, towards the tail.</summary>
    public static PageFrame? After(PageFrame frame) => frame.ListNext;

    /// <summary>True when <paramref name="frame"/> is on this list.</summary>
    public bool Holds(PageFrame frame) => frame.ListNumber == number;

    /// <summary>Puts <paramref name="frame"/> first.</summary>
    public void AddHead(PageFrame frame)
    {
        Own(frame);
        frame.ListNext = Head;
        if (Head is null)
        {
            Tail = frame;
        }
        else
        {
            Head.ListPrevious = frame;
        }

        Head = frame;
    }

    /// <summary>Puts <paramref name="frame"/> last.</summary>
    public void AddTail(PageFrame frame)
    {
        Own(frame);
        frame.ListPrevious = Tail;
        if (Tail is null)
        {
            Head = frame;
        }
        else
        {
            Tail.ListNext = frame;
        }

        Tail = frame;
    }

    /// <summary>Takes <paramref name="frame"/> out.</summary>
    public void Remove(PageFrame frame)
    {
        Debug.Assert(frame.ListNumber == number, "the frame is on another list");
        if (frame.ListPrevious is null)
        {
            Head = frame.ListNext;
        }
        else
        {
            frame.ListPrevious.ListNext = frame.ListNext;
        }

        if (frame.ListNext is null)
        {
            Tail = frame.ListPrevious;
        }
        else
        {
            frame.ListNext.ListPrevious = frame.ListPrevious;
        }

        frame.ListNumber = 0;
        frame.ListPrevious = null;
        frame.ListNext = null;
        Count--;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Own(PageFrame frame)
    {
        Debug.Assert(frame.ListNumber == 0, "the frame is on a list already");
        frame.ListNumber = number;
        Count++;
    }

    object IStateful.Save(object? last) => SavedItems.Same((Count, Head, Tail), last);

    void IStateful.Restore(object state) => (Count, Head, Tail) = ((int, PageFrame?, PageFrame?))state;
}
