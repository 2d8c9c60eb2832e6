using MmuEmu.Kernel.Exec;
using MmuEmu.Tests.Builders;
using MmuEmu.Tests.Guests;

namespace MmuEmu.Tests.Kernel.Exec;

/// <summary>The note by which a program says that it means the proposals.</summary>
public sealed class ElfNoteTests : IDisposable
{
    private const string Source =
        """
        #include "mmuemu.h"
        int main(void) { return 0; }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("note").FullName;

    public static TheoryData<string, byte[], int> Notes => new()
    {
        { "its own", AssembledGuest.Note(5), 5 },
        { "unknown families", AssembledGuest.Note(uint.MaxValue), 15 },
        { "two add up", [.. AssembledGuest.Note(1), .. AssembledGuest.Note(4)], 5 },
        { "behind another's", [4, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, .. "GNU\0"u8, 9, 0, 0, 0, .. AssembledGuest.Note(2)], 2 },
        { "another owner", [7, 0, 0, 0, 4, 0, 0, 0, 1, 0, 0, 0, .. "MmuEmX\0"u8, 0, 7, 0, 0, 0], 0 },
        { "another type", [7, 0, 0, 0, 4, 0, 0, 0, 2, 0, 0, 0, .. "MmuEmu\0"u8, 0, 7, 0, 0, 0], 0 },
        { "another size", [7, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, .. "MmuEmu\0"u8, 0, 7, 0, 0, 0], 0 },
        { "cut short", AssembledGuest.Note(7)[..^1], 0 },
        { "absurd sizes", [255, 255, 255, 255, 255, 255, 255, 255, 1, 0, 0, 0, .. AssembledGuest.Note(7)], 0 },
        { "nothing", [], 0 },
    };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Notes))]
    public void A_note_declares_what_it_says_and_a_bad_one_nothing(string title, byte[] note, int declared)
    {
        int found = (int)ElfNotes.Declared(new BytesContent(note), 0, (ulong)note.Length, 4);

        found.ShouldBe(declared, title);
    }

    [Fact]
    public void Notes_that_lie_eight_bytes_apart_are_found()
    {
        byte[] note = [4, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, .. "GNU\0"u8, 9, 0, 0, 0, 0, 0, 0, 0, .. AssembledGuest.Note(7)];

        // The owner is 7 bytes long, so its description begins 4 bytes later than with 4.
        byte[] wide = [.. note[..44], 0, 0, 0, 0, .. note[44..]];

        ((int)ElfNotes.Declared(new BytesContent(note), 0, (ulong)note.Length, 8)).ShouldBe(0);
        ((int)ElfNotes.Declared(new BytesContent(wide), 0, (ulong)wide.Length, 8)).ShouldBe(7);
    }

    [Theory]
    [InlineData("gcc", "-O2 -static", 7)]
    [InlineData("gcc", "-O2", 7)]
    [InlineData("gcc", "-O3 -flto -ffunction-sections -Wl,--gc-sections -s", 7)]
    [InlineData("gcc", "-O2 -static-pie -DMMUEMU_PROPOSALS=5", 5)]
    [InlineData("gcc", "-O2 -static -DMMUEMU_PROPOSALS=0", 0)]
    [InlineData("clang", "-O2 -static -flto=thin -fuse-ld=bfd -fno-lto", 7)]
    [InlineData("musl-gcc", "-O2 -static -Wl,--gc-sections", 7)]
    public async Task The_guest_header_declares_whatever_the_compiler_and_linker_drop(string compiler, string options, int declared)
    {
        Assert.SkipUnless(HostProcess.Exists(compiler), $"needs {compiler}: apt-get install -y gcc clang libc6-dev musl-tools");
        string source = Path.Combine(_folder, "a.c");
        string program = Path.Combine(_folder, "a");
        await File.WriteAllTextAsync(source, Source, TestContext.Current.CancellationToken);
        string include = $"-I{Path.Combine(GuestFiles.Folder, "include")}";

        HostRun built = await HostProcess.Run(compiler, [.. options.Split(' '), include, "-o", program, source]);
        built.ExitCode.ShouldBe(0, built.Errors);

        ElfParser.TryParse(new BytesContent(await File.ReadAllBytesAsync(program, TestContext.Current.CancellationToken)), out ElfImage? image, out _).ShouldBeTrue();
        ((int)image!.Declared).ShouldBe(declared);
    }
}
