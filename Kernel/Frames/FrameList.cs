using System.Diagnostics;

namespace MmuEmu.Kernel.Frames;

/// <summary>A doubly linked list of frames; a frame is on at most one list.</summary>
public sealed class FrameList
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
    public bool Holds(PageFrame frame) => frame.List == this;

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
        Debug.Assert(frame.List == this, "the frame is on another list");
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

        frame.List = null;
        frame.ListPrevious = null;
        frame.ListNext = null;
        Count--;
    }

    private void Own(PageFrame frame)
    {
        Debug.Assert(frame.List is null, "the frame is on a list already");
        frame.List = this;
        Count++;
    }
}
