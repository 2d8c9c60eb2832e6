using System.Diagnostics;
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
        Debug.Assert(frame.ListNumber == 0, "the frame is on a list already");
        frame.PutBetween(null, Head, number);
        if (Head is null)
        {
            Tail = frame;
        }
        else
        {
            Head.PutAfter(frame);
        }

        Head = frame;
        Count++;
    }

    /// <summary>Puts <paramref name="frame"/> last.</summary>
    public void AddTail(PageFrame frame)
    {
        Debug.Assert(frame.ListNumber == 0, "the frame is on a list already");
        frame.PutBetween(Tail, null, number);
        if (Tail is null)
        {
            Head = frame;
        }
        else
        {
            Tail.PutBefore(frame);
        }

        Tail = frame;
        Count++;
    }

    /// <summary>Takes <paramref name="frame"/> out.</summary>
    public void Remove(PageFrame frame)
    {
        Debug.Assert(frame.ListNumber == number, "the frame is on another list");
        (PageFrame? previous, PageFrame? next) = (frame.ListPrevious, frame.ListNext);
        if (previous is null)
        {
            Head = next;
        }
        else
        {
            previous.PutBefore(next);
        }

        if (next is null)
        {
            Tail = previous;
        }
        else
        {
            next.PutAfter(previous);
        }

        frame.PutBetween(null, null, 0);
        Count--;
    }

    object IStateful.Save(object? last) => SavedItems.Same((Count, Head, Tail), last);

    void IStateful.Restore(object state) => (Count, Head, Tail) = ((int, PageFrame?, PageFrame?))state;
}
