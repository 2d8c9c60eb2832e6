using System.Text;
using System.Text.Json;
using MmuEmu.Emulator.Values;
using MmuEmu.Guests;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Setup;
using MmuEmu.Tests.Debugger.Shells;
using static MmuEmu.Tests.Debugger.MachineDump;

namespace MmuEmu.Tests.Debugger;

/// <summary>Walks through dumps: of a run of ours, and of machines made by hand.</summary>
public sealed class WalkImageTests : IDisposable
{
    private const ulong Table = 0x67;
    private const ulong Page = 0x8000_0000_0000_0067;
    private const ulong Gib = 1UL << 30;
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("0x401000")]
    [InlineData("0x402000")]
    [InlineData("0x7ffffffff000")]
    [InlineData("0xffff800000000000")]
    public void A_guest_written_to_a_file_walks_as_in_the_run(string address)
    {
        (string file, ulong cr3) = DumpOf("hello");
        string[] live = [.. CommandHarness.Run("walk", "--ram", "16M", "hello", address).Out.Split('\n').Skip(1)];

        string[] dead = Walk("--image", file, "--cr3", $"0x{cr3:x}", address).Out.Split('\n');

        dead[1].ShouldBe("  wp,nxe,pge,page1g (assumed), maxphyaddr 48");
        // A run also tells what the kernel means by an entry, and what its caches would serve.
        string[] plain = [.. live.Where(line => !line.Contains(" kernel ", StringComparison.Ordinal) && !line.Contains("a walk would read", StringComparison.Ordinal))
            .Select(line => line.Replace(": NONE", "", StringComparison.Ordinal).Replace(": no table", "", StringComparison.Ordinal))
            .Select(line => line.StartsWith("  * ", StringComparison.Ordinal) || line.StartsWith("  ~ ", StringComparison.Ordinal) ? $"  {line[4..]}" : line)];
        dead.Skip(2).Where(line => !line.Contains(" kernel ", StringComparison.Ordinal)).ShouldBe(plain);
    }

    [Fact]
    public void An_elf_core_by_qemu_tells_its_registers_and_lies_in_pieces()
    {
        byte[] notes = [.. Note("CORE", 1, new byte[336]), .. QemuNote(0x8005_0033, 0x1000, 0x0010_00A0), .. QemuNote(0x8005_0033, 0x9000, 0xA0)];
        Piece low = new(0x1000, [.. Entries((0, 0x2000 | Table)), .. Entries((0, (Gib * 4) | Table))]);
        Piece high = new(Gib * 4, Entries((2, (Gib * 4) + 0x1000 | Table), (3, 0x7000_0000 | Table)));
        Piece tables = new((Gib * 4) + 0x1000, Entries((1, 0x3000 | Page)));
        string file = Write(Elf(notes, low, high, tables));

        Walk("--image", file, "0x401008").Out.ShouldBe(
            $"""
            0x401008 in {file} (ELF core), CR3 0x1000 of CPU 0
              wp,smep,nxe,pge,page1g (CR0 and CR4 of CPU 0; nxe,page1g assumed), maxphyaddr 48
              other CR3: CPU 1 0x9000
              PML4E[000]      @0x1000       0x0000000000002067  P W U A
               PDPTE[000]     @0x2000       0x0000000100000067  P W U A
                PDE[002]      @0x100000010  0x0000000100001067  P W U A
                 PTE[001]     @0x100001008  0x8000000000003067  P W U A D NX
              => 0x3008, a page of 4K, outside the image
              user read     allowed
              user write    allowed
              user fetch    #PF 0x15 [P w U - I -]
              kernel read   allowed
              kernel write  allowed
              kernel fetch  #PF 0x11 [P w u - I -]

            """.ReplaceLineEndings("\n"));
        JsonElement found = JsonDocument.Parse(Walk("--json", "--image", file, "0x401008").Out).RootElement;
        (found.GetProperty("schema").GetString(), found.GetProperty("cpu").GetInt32(), found.GetProperty("physical").GetString()).ShouldBe(("mmuemu.image-walk/1", 0, "0x3008"));
        (found.GetProperty("walk").GetArrayLength(), found.GetProperty("physicalInImage").GetBoolean(), found.GetProperty("accesses").GetArrayLength()).ShouldBe((4, false, 6));
        JsonElement ends = JsonDocument.Parse(Walk("--json", "--image", file, "0x600000").Out).RootElement;
        (ends.GetProperty("walk")[3].GetProperty("inImage").GetBoolean(), ends.GetProperty("physical").ValueKind).ShouldBe((false, JsonValueKind.Null));
        Walk("--image", file, "--cr3", "0x9000", "0x401008").Out.ShouldContain("CR3 0x9000 of CPU 1");
        Walk("--image", file, "0x600000").Out.ShouldContain("PTE[000]     @0x70000000   outside the image: what lies there, and below, is not known");
    }

    [Fact]
    public void Raw_memory_that_begins_elsewhere_and_a_lime_file_read_the_same()
    {
        Piece piece = new(Gib * 4, [.. Entries((0, (Gib * 4) + 0x1000 | Table)), .. Entries((1, 0x4000_0000 | Page | 0x80))]);
        string raw = Write(piece.Bytes);
        string lime = Write(Lime(piece));

        string[] one = Walk("--image", $"{raw},0x100000000", "--cr3", "0x100000000", "0x40000123").Out.Split('\n');
        string[] two = Walk("--image", lime, "--cr3", "0x100000000", "0x40000123").Out.Split('\n');

        one.Skip(1).ShouldBe(two.Skip(1));
        one.ShouldContain("  => 0x40000123, a page of 1G, outside the image");
        two[0].ShouldEndWith("(LiME file), CR3 0x100000000");
        Walk("--image", raw, "--cr3", "0x100000000", "0x40000123").Out.ShouldContain("PML4E[000]      @0x100000000  outside the image");
    }

    [Fact]
    public void Five_levels_reserved_bits_and_a_width_are_as_the_machine_has_them()
    {
        byte[] memory = [.. Entries((1, 0x1000 | Table)), .. Entries((0, 0x2000 | Table)), .. Entries((0, (1UL << 46) | Page | 0x80))];
        string file = Write(memory);

        Walk("--image", file, "--cr3", "0", "--la57", "--maxphyaddr", "52", "0x1000000000000").Out.ShouldContain("=> 0x400000000000, a page of 1G");
        string narrow = Walk("--image", file, "--cr3", "0", "--la57", "--maxphyaddr", "46", "0x1000000000000").Out;
        narrow.ShouldContain("reserved bits set: 46");
        narrow.ShouldContain("user read     #PF 0xd [P w U RSVD - -]");
        Walk("--image", file, "--cr3", "0", "0x1000000000000").Out.ShouldContain("not canonical with 4 levels");
    }

    [Fact]
    public void A_file_of_five_gibibytes_is_read_where_the_walk_asks()
    {
        const ulong Root = (Gib * 9 / 2) + 0x1000;
        string file = _folder.Unused("sparse.raw");
        using (FileStream stream = new(file, FileMode.CreateNew))
        {
            stream.SetLength(5L << 30);
            Put(stream, Root, Root + 0x1000 | Table);
            Put(stream, Root + 0x1000, Root + 0x2000 | Table);
            Put(stream, Root + 0x2000, (5 * Gib) - (2UL << 20) | Page | 0x80);
        }

        Walk("--image", file, "--cr3", $"0x{Root:x}", "0x1fffff").Out.ShouldContain("=> 0x13fffffff, a page of 2M\n");
    }

    [Fact]
    public void Linux_tells_of_its_own_tables_when_nobody_names_others()
    {
        byte[] notes = Note("VMCOREINFO", 0, Encoding.ASCII.GetBytes("OSRELEASE=6.1\nSYMBOL(swapper_pg_dir)=ffffffff82a0c000\nNUMBER(phys_base)=16777216\nNUMBER(pgtable_l5_enabled)=1\n"));

        CommandResult result = Refused("--image", Write(Elf(notes, new Piece(0x1000, new byte[4096]))), "0x1000");

        result.Error.ShouldContain("expected --cr3");
        result.Error.ShouldContain("try: --cr3 0x3a0c000 --la57");
    }

    [Theory]
    [InlineData("KDUMP   ", "kdump-compressed", "--format elf")]
    [InlineData("DISKDUMP", "diskdump", "makedumpfile -E")]
    [InlineData("makedumpfile", "flattened", "makedumpfile -R")]
    [InlineData("QEVM", "QEMU saved", "dump-guest-memory")]
    [InlineData("LibvirtQemudSave", "libvirt saved", "--memory-only")]
    [InlineData("PAGEDU64", "Windows", "--memory-only")]
    [InlineData("\u001f\u008b", "gzip", "gzip -dc")]
    [InlineData("\u00fd7zXZ\0", "xz", "xz -dc")]
    [InlineData("\u0028\u00b5\u002f\u00fd", "zstd", "zstd -dc")]
    [InlineData("\u0004\"M\u0018", "lz4", "lz4 -dc")]
    [InlineData("\u007fELF\u0001\u0001", "not for x86-64", "dump-guest-memory")]
    [InlineData("EMiL\u0002", "no LiME header", "format=lime")]
    [InlineData("", "has 0 bytes", "dump-guest-memory")]
    public void What_has_to_be_converted_is_refused_by_name(string magic, string what, string hint)
    {
        byte[] first = Encoding.Latin1.GetBytes(magic);
        CommandResult result = Refused("--image", Write(first.Length == 0 ? [] : [.. first, .. new byte[4096]]), "--cr3", "0", "0x1000");

        result.Error.ShouldContain(what);
        result.Error.ShouldContain(hint);
    }

    [Fact]
    public void Programs_and_cores_of_processes_are_no_dumps_of_a_machine()
    {
        Refused("--image", Shipped("hello"), "0x401000").Error.ShouldContain("an ELF program");
        byte[] core = Elf([], new Piece(0, new byte[4096]));
        MachineDump.Put(core, 64 + 56 + 16, 0x40_0000, 8);
        Refused("--image", Write(core), "0x401000").Error.ShouldContain("core of a process");
    }

    [Theory]
    [InlineData("--image is left out", "walk", "--cr3", "0x1000", "hello", "0x401000")]
    [InlineData("belongs to a run", "walk", "--image", "/dev/null", "--ram", "1M", "0x401000")]
    [InlineData("belongs to a run", "walk", "--image", "/dev/null", "--at", "end", "0x401000")]
    [InlineData("argument 'GUEST' missing", "walk", "--image", "/dev/null")]
    [InlineData("expected one address", "walk", "--image", "/dev/null", "hello", "0x401000")]
    [InlineData("no such file", "walk", "--image", "/no/such/file", "0x401000")]
    [InlineData("is a folder", "walk", "--image", "/", "0x401000")]
    [InlineData("a multiple of 4096", "walk", "--image", "memory.raw,12", "0x401000")]
    [InlineData("--cr3 'here'", "walk", "--image", "/proc/self/exe,0", "--cr3", "here", "0x401000")]
    [InlineData("--maxphyaddr 60", "walk", "--image", "/proc/self/exe,0", "--cr3", "0", "--maxphyaddr", "60", "0x401000")]
    public void What_does_not_go_together_is_refused(string why, params string[] args)
    {
        CommandResult result = CommandHarness.Run(args);

        result.Status.ShouldBe(2);
        result.Out.ShouldBeEmpty();
        result.Error.ShouldContain(why == "--image is left out" ? "expected --image" : why);
        result.Error.ShouldContain("try: ");
    }

    private static CommandResult Walk(params string[] args)
    {
        CommandResult result = CommandHarness.Run(["walk", .. args]);
        result.Error.ShouldBeEmpty();
        result.Status.ShouldBe(0);
        return result;
    }

    private static CommandResult Refused(params string[] args)
    {
        CommandResult result = CommandHarness.Run(["walk", .. args]);
        result.Status.ShouldBe(2);
        result.Out.ShouldBeEmpty();
        return result;
    }

    /// <summary>The RAM of a run just before the program's end, and its CR3.</summary>
    private (string File, ulong Cr3) DumpOf(string guest)
    {
        KernelOptions options = new()
        {
            Program = Shipped(guest),
            ProgramPath = "/guests/" + guest,
            Arguments = ["/guests/" + guest],
            HostRoot = null,
            WorkingDirectory = "/",
            RamBytes = 16 << 20,
        };
        using MiniKernel first = Start(options);
        ulong end = first.Run().Time;
        using MiniKernel kernel = Start(options);
        kernel.Run(StopAt.Time(end - 1));
        string file = _folder.Unused(guest + ".raw");
        using FileStream stream = new(file, FileMode.CreateNew);
        for (ulong frame = 0; frame < kernel.Ram.FrameCount; frame++)
        {
            stream.Write(kernel.Ram.Page(new Pfn(frame)));
        }

        return (file, kernel.Core.Mmu.Mode.Root.Base.Raw);
    }

    private static string Shipped(string guest)
    {
        GuestCatalogue.TryFindFile(guest, out string? program).ShouldBeTrue();
        return program!;
    }

    private static MiniKernel Start(KernelOptions options)
    {
        KernelBuilder.TryBuild(options, out MiniKernel? kernel, out BootFailure? failure).ShouldBeTrue(failure?.ToString());
        return kernel!;
    }

    private string Write(byte[] bytes)
    {
        string file = _folder.Unused($"dump-{Guid.NewGuid():n}");
        File.WriteAllBytes(file, bytes);
        return file;
    }

    private static byte[] Entries(params (int Index, ulong Entry)[] entries)
    {
        byte[] page = new byte[4096];
        foreach ((int index, ulong entry) in entries)
        {
            MachineDump.Put(page, index * 8, entry, 8);
        }

        return page;
    }

    private static void Put(FileStream stream, ulong at, ulong entry)
    {
        byte[] bytes = BitConverter.GetBytes(entry);
        stream.Position = (long)at;
        stream.Write(bytes);
    }
}
