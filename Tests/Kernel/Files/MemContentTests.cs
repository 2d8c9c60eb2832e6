using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Mm;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.Files;

/// <summary>Files in RAM under mappings.</summary>
public sealed class MemContentTests
{
    [Theory]
    [InlineData(MapFlags.Shared)]
    [InlineData(MapFlags.Private)]
    public void A_page_cut_off_under_a_mapping_without_rights_is_given_back(MapFlags type)
    {
        using MmHarness mm = new();
        MemContent file = new(mm.Mem, "file");
        file.Resize(8192).ShouldBe(Errno.None);
        MapRequest request = new() { LengthBytes = 8192, Prot = Prot.Read, Flags = type, Backing = file.Backing };
        Map.Place(mm.Mem, mm.Space, request).Ok(out VirtAddr start, out Errno errno).ShouldBeTrue($"{errno}");
        mm.Read(start).ShouldBe((byte)0);
        mm.Read(start + 4096).ShouldBe((byte)0);
        Protect.Change(mm.Mem, mm.Space, new ProtectRequest(start, 8192, Prot.None)).ShouldBe(Errno.None);

        file.Resize(4096).ShouldBe(Errno.None);

        mm.ShouldBeSound();
        Protect.Change(mm.Mem, mm.Space, new ProtectRequest(start, 8192, Prot.Read)).ShouldBe(Errno.None);
        mm.Read(start).ShouldBe((byte)0);
        mm.Touch(start + 4096).ShouldBeBusErrorAt(start + 4096);
    }

    [Fact]
    public void A_hole_is_zero_in_shared_mappings_at_once_and_leaves_private_copies_alone()
    {
        using MmHarness mm = new();
        MemContent file = Filled(mm, 4, 7);
        VirtAddr shared = MapOf(mm, file, 4, MapFlags.Shared);
        VirtAddr copied = MapOf(mm, file, 4, MapFlags.Private);
        for (ulong page = 0; page < 4; page++)
        {
            mm.Read(shared + (page * 4096)).ShouldBe((byte)7);
        }

        mm.Write(copied + 4096, 9);
        mm.Read(copied + 8192).ShouldBe((byte)7);
        ulong before = mm.Mem.Buddy.FreeCount;

        file.Punch(100, (3 * 4096) - 100 + 50).ShouldBe(Refusal.None);

        mm.ShouldBeSound();
        mm.Mem.Buddy.FreeCount.ShouldBe(before + 2);
        (mm.Read(shared + 99), mm.Read(shared + 100), mm.Read(shared + 4095)).ShouldBe(((byte)7, (byte)0, (byte)0));
        (mm.Read(shared + 4096), mm.Read(shared + 8192)).ShouldBe(((byte)0, (byte)0));
        (mm.Read(shared + (3 * 4096) + 49), mm.Read(shared + (3 * 4096) + 50)).ShouldBe(((byte)0, (byte)7));
        (mm.Read(copied + 4096), mm.Read(copied + 4097), mm.Read(copied + 8192)).ShouldBe(((byte)9, (byte)7, (byte)0));
        file.SizeBytes.ShouldBe(16384UL);
    }

    [Theory]
    [InlineData(0UL, 4096UL)]
    [InlineData(0UL, 10UL)]
    [InlineData(4000UL, 96UL)]
    [InlineData(4000UL, 97UL)]
    [InlineData(1UL, ulong.MaxValue)]
    [InlineData(12288UL, 4096UL)]
    [InlineData(MemContent.MaxBytes, 4096UL)]
    [InlineData(5UL, 0UL)]
    public void Exactly_the_bytes_of_a_hole_are_zero(ulong offset, ulong length)
    {
        using MmHarness mm = new();
        MemContent file = Filled(mm, 3, 5);
        ulong end = length > ulong.MaxValue - offset ? ulong.MaxValue : offset + length;

        file.Punch(offset, length).ShouldBe(Refusal.None);

        byte[] read = new byte[3 * 4096];
        file.Read(0, read).Ok(out int count, out _).ShouldBeTrue();
        count.ShouldBe(read.Length);
        for (ulong i = 0; i < (ulong)read.Length; i++)
        {
            read[i].ShouldBe(i >= offset && i < end ? (byte)0 : (byte)5, $"byte {i}");
        }
    }

    /// <summary>A private page that was written is gone with the part of the file that it was a copy of, also when it lies in swap.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_a_file_is_cut_below_is_a_bus_error_and_later_zeros(bool swapped)
    {
        using MmHarness mm = new();
        MemContent file = Filled(mm, 2, 7);
        VirtAddr copied = MapOf(mm, file, 2, MapFlags.Private);
        mm.Write(copied, 8).Write(copied + 4096, 9);
        if (swapped)
        {
            mm.Age().Age().ReclaimAll();
            mm.KindOf(copied + 4096).ShouldBe(MmuEmu.Kernel.Tables.SoftPteKind.Swap);
        }

        file.Resize(4096).ShouldBe(Refusal.None);

        mm.ShouldBeSound();
        mm.Read(copied).ShouldBe((byte)8);
        mm.Touch(copied + 4096).ShouldBeBusErrorAt(copied + 4096);
        file.Resize(8192).ShouldBe(Refusal.None);
        mm.Read(copied + 4096).ShouldBe((byte)0);
        mm.Read(copied).ShouldBe((byte)8);
        mm.ShouldBeSound();
    }

    [Fact]
    public void A_hole_in_a_copy_hides_what_is_below_and_the_copy_cut_shows_it_no_more()
    {
        using MmHarness mm = new();
        byte[] below = new byte[(3 * 4096) + 10];
        below.AsSpan().Fill(6);
        MemContent file = new(mm.Mem, "copy", new BytesContent(below));

        file.Punch(4096, 4096 + 20).ShouldBe(Refusal.None);
        file.Resize((3 * 4096) + 5).ShouldBe(Refusal.None);
        file.Resize(4 * 4096).ShouldBe(Refusal.None);

        byte[] read = new byte[4 * 4096];
        file.Read(0, read).Ok(out _, out _).ShouldBeTrue();
        for (int i = 0; i < read.Length; i++)
        {
            bool hole = i is (>= 4096 and < 8192 + 20) or >= (3 * 4096) + 5;
            read[i].ShouldBe(hole ? (byte)0 : (byte)6, $"byte {i}");
        }

        VirtAddr mapped = MapOf(mm, file, 4, MapFlags.Shared);
        (mm.Read(mapped), mm.Read(mapped + 4096), mm.Read(mapped + 8191)).ShouldBe(((byte)6, (byte)0, (byte)0));
    }

    private static MemContent Filled(MmHarness mm, int pages, byte value)
    {
        MemContent file = new(mm.Mem, "file");
        byte[] bytes = new byte[pages * 4096];
        bytes.AsSpan().Fill(value);
        file.Write(0, bytes).Ok(out int written, out _).ShouldBeTrue();
        written.ShouldBe(bytes.Length);
        return file;
    }

    private static VirtAddr MapOf(MmHarness mm, MemContent file, ulong pages, MapFlags type)
    {
        MapRequest request = new() { LengthBytes = pages * 4096, Prot = Prot.Read | Prot.Write, Flags = type, Backing = file.Backing };
        Map.Place(mm.Mem, mm.Space, request).Ok(out VirtAddr start, out Errno errno).ShouldBeTrue($"{errno}");
        return start;
    }
}
