using MmuEmu.Emulator.Memory;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Tests.Memory;

/// <summary>Saving and restoring RAM: what it gives back, what it shares, and when buffers come back.</summary>
public sealed class RamImageTests : IDisposable
{
    private const ulong Bytes = 4UL << 20;
    private readonly PhysicalMemory _ram = new(Bytes);

    /// <summary>Every way to write, each to a frame of its own from 1 on.</summary>
    private static readonly Action<PhysicalMemory, Pfn>[] Writers =
    [
        (ram, frame) => ram.WriteUInt64(frame.EntryAt(7), 1),
        (ram, frame) => ram.TryExchange(frame.EntryAt(511), 0, 2),
        (ram, frame) => ram.WriteByte(frame.Base + 4095, 3),
        (ram, frame) => ram.PageToWrite(frame)[5] = 4,
        (ram, frame) => ram.SliceToWrite(frame.Base + 9, 1)[0] = 5,
        (ram, frame) => ram.CopyPage(new Pfn(900), frame),
        (ram, frame) => ram.MarkHostPage(Written(ram, frame)),
    ];

    [Fact]
    public void Every_way_to_write_is_seen()
    {
        _ram.WriteByte(new Pfn(900).Base, 9);
        using RamImage before = _ram.Save();
        for (int i = 0; i < Writers.Length; i++)
        {
            Writers[i](_ram, new Pfn((ulong)i + 1));
        }

        byte[] written = All();
        using RamImage after = _ram.Save();
        _ram.Restore(before);
        All().AsSpan(0, 900 * 4096).ContainsAnyExcept((byte)0).ShouldBeFalse();
        _ram.Restore(after);

        All().ShouldBe(written);
    }

    [Fact]
    public void A_slice_marks_each_page_that_it_reaches()
    {
        using RamImage before = _ram.Save();
        _ram.SliceToWrite(new PhysAddr(4095), 4098).Fill(1);

        _ram.Restore(before);

        All().ContainsAnyExcept((byte)0).ShouldBeFalse();
    }

    [Fact]
    public void A_page_that_is_zeroed_needs_no_buffer()
    {
        _ram.PageToWrite(new Pfn(3)).Fill(1);
        RamImage full = _ram.Save();
        _ram.ZeroPage(new Pfn(3));
        using RamImage empty = _ram.Save();
        _ram.PagesHeld.ShouldBe(1);

        full.Dispose();

        _ram.PagesHeld.ShouldBe(0);
    }

    [Fact]
    public void Images_share_what_did_not_change()
    {
        Fill(0, 100, 1);
        using RamImage first = _ram.Save();
        Fill(0, 1, 2);
        for (ulong i = 50; i < 100; i++)
        {
            _ram.MarkHostPage(_ram.HostPage(new Pfn(i)));
        }

        using RamImage second = _ram.Save();

        _ram.PagesHeld.ShouldBe(101);
    }

    [Fact]
    public void An_image_that_nobody_refers_to_gives_its_buffers_back()
    {
        Fill(0, 10, 1);
        SaveAndForget();
        Fill(0, 10, 2);
        using RamImage kept = _ram.Save();

        GC.Collect();
        GC.WaitForPendingFinalizers();

        _ram.PagesHeld.ShouldBe(10);
    }

    [Fact]
    public void Any_image_comes_back_in_any_order()
    {
        Random random = new(7);
        List<(RamImage Image, byte[] Content)> saved = [];
        for (int step = 0; step < 200; step++)
        {
            for (int writes = random.Next(40); writes > 0; writes--)
            {
                Writers[random.Next(Writers.Length)](_ram, new Pfn((ulong)random.Next(1024)));
            }

            if (saved.Count > 3 && random.Next(2) == 0)
            {
                (RamImage image, byte[] content) = saved[random.Next(saved.Count)];
                _ram.Restore(image);
                All().ShouldBe(content);
            }

            saved.Add((_ram.Save(), All()));
            if (saved.Count > 20)
            {
                int gone = random.Next(saved.Count);
                saved[gone].Image.Dispose();
                saved.RemoveAt(gone);
            }
        }

        foreach ((RamImage image, byte[] content) in saved)
        {
            _ram.Restore(image);
            All().ShouldBe(content);
            image.Dispose();
        }
    }

    [Fact]
    public void Another_machines_image_and_one_disposed_of_are_refused()
    {
        using PhysicalMemory other = new(Bytes);
        using RamImage image = other.Save();
        RamImage gone = _ram.Save();
        gone.Dispose();

        Should.Throw<ArgumentException>(() => _ram.Restore(image));
        Should.Throw<ArgumentException>(() => _ram.Restore(gone));
    }

    /// <inheritdoc/>
    public void Dispose() => _ram.Dispose();

    private static nuint Written(PhysicalMemory ram, Pfn frame)
    {
        nuint host = ram.HostPageToWrite(frame);
        ram.PageToWrite(frame)[77] = 7;
        return host;
    }

    private byte[] All() => _ram.Slice(default, (int)Bytes).ToArray();

    private void Fill(ulong first, ulong frames, byte value)
    {
        for (ulong i = 0; i < frames; i++)
        {
            _ram.PageToWrite(new Pfn(first + i)).Fill(value);
        }
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private void SaveAndForget() => _ram.Save();
}
