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
}
