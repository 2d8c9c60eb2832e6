using MmuEmu.Debugger.Recordings;
using MmuEmu.Debugger.Rendering;
using MmuEmu.Kernel.Files;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Debugger.Recordings;

/// <summary>What is not as it was is told with what was expected and what was found.</summary>
public sealed class TapeTextTests
{
    [Fact]
    public void A_run_that_is_as_it_was_has_no_problem() => TapeText.Problem(Tapes()).ShouldBeNull();

    [Fact]
    public void Other_output_is_told_with_its_digest()
    {
        RunTapes tapes = Tapes();
        tapes.Input.Streams.Output.Write("one"u8, out _);
        tapes.Input.Position = 0;
        tapes.Input.Streams.Output.Write("two"u8, out _);

        TapeText.Problem(tapes).ShouldBe(
            $"this is not the run that was noted: at answer 0 expected a write of 3 bytes ({Fnv.Of("one"u8):x16}) to standard output, "
            + $"found a write of 3 bytes ({Fnv.Of("two"u8):x16}) to standard output");
    }

    [Fact]
    public void Another_question_is_told()
    {
        RunTapes tapes = Tapes();
        tapes.Input.Streams.Error.Write("one"u8, out _);
        tapes.Input.Position = 0;
        tapes.Input.Streams.Input.Read(new byte[9], out _);

        TapeText.Problem(tapes).ShouldBe(
            "this is not the run that was noted: at answer 0 expected a write of 3 bytes to standard error, found a read of 9 bytes from standard input");
    }

    [Fact]
    public void The_end_of_a_recording_is_told()
    {
        RunTapes tapes = Tapes() with { Input = InputTape.Again(new TapeNotes(), default, null) };
        tapes.Input.Streams.Input.HasInput(50);

        TapeText.Problem(tapes).ShouldBe("the recording is over after 0 answers: expected one to a wait of 50 ms for standard input, found none");
    }

    [Fact]
    public void A_file_that_is_another_and_one_that_is_not_in_the_recording_are_told()
    {
        string hash = TapeFile.HashOf("x"u8);
        DiskAnswer answer = new(DiskQuestion.Open, "/f", MmuEmu.Kernel.Abi.Errno.None) { File = new TapeFile("/f", new FileTrack(1, 0, hash)) };
        RunTapes tapes = Tapes() with { Disk = DiskTape.Again([answer], new PretendedDisk()) };
        tapes.Disk.List("/home", out _);

        TapeText.Problem(tapes).ShouldBe("this is not the run of the recording: expected only questions about the disk that it holds, found one for the names in /home");
        tapes.Disk.Open("/f", out IHostFile? file);
        file.ShouldBeNull();
        TapeText.Problem(tapes).ShouldBe($"/f is not as it was for the run: expected 1 bytes with SHA-256 {hash}, found no file that can be read");
    }

    private static RunTapes Tapes() => RunTapes.Of(new ScriptedStreams().Host, new PretendedDisk());
}
