using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Syscalls;
using MmuEmu.Kernel.Volatile;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Volatile;

/// <summary>A machine without swap whose memory is taken to the last frame.</summary>
public sealed class VrangeMemoryTests : IDisposable
{
    private const ulong Page = 4096;
    private readonly VrangeHarness _h = new(new MmOptions { RamBytes = 2UL << 20, SwapPages = 0 });

    [Fact, Spec("V-039", "V-042")]
    public void Marking_without_memory_is_ENOMEM_after_the_word_was_set_to_0()
    {
        VirtAddr start = _h.Filled(2);
        _h.ExhaustMemory();

        _h.Vrange(start, 2 * Page, VrangeMode.Volatile).ShouldBe(new VrangeAnswer(-(long)Errno.ENOMEM, 0));
        _h.Tree.Count.ShouldBe(0);
    }

    [Fact, Spec("V-040", "V-042")]
    public void Unmarking_without_memory_is_ENOMEM_and_the_range_stays_volatile()
    {
        VirtAddr start = MarkSeveral(RangePool.NodesPerFrame);
        _h.ExhaustMemory();

        _h.Keep(start, 1).Rax.ShouldBe(-(long)Errno.ENOMEM);
        _h.Tree.Count.ShouldBe(RangePool.NodesPerFrame);
    }

    [Fact, Spec("V-041")]
    public void Memory_that_ends_at_the_second_mapping_gives_the_bytes_of_the_first()
    {
        // Given room for exactly one more range, and two mappings side by side
        _ = MarkSeveral(RangePool.NodesPerFrame - 1);
        VirtAddr start = _h.Mm.Map(3, at: 0x1000_0000);
        _ = _h.Mm.Map(2, Prot.Read, at: 0x1000_3000);
        _h.ExhaustMemory();

        // When both are marked in one call
        _h.Mark(start, 5).ShouldBe(3 * 4096);

        // Then the first is volatile and the second is not
        _h.Tree.FirstIn(ByteInterval.Of(start.Raw, Page)).ShouldNotBeNull();
        _h.Tree.FirstIn(ByteInterval.Of(start.Raw + (3 * Page), 2 * Page)).ShouldBeNull();
    }

    public void Dispose() => _h.Dispose();

    /// <summary>Single-page ranges with a page between them.</summary>
    private VirtAddr MarkSeveral(int count)
    {
        VirtAddr start = _h.Mm.Map((ulong)count * 2);
        for (ulong at = 0; at < (ulong)count; at++)
        {
            _h.Mark(start + (at * 2 * Page), 1).ShouldBe(4096);
        }

        return start;
    }
}
