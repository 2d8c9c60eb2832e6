using System.Buffers.Binary;
using MmuEmu.Debugger;
using MmuEmu.Debugger.Recordings;
using MmuEmu.Tests.House;

namespace MmuEmu.Tests.Debugger.Recordings;

/// <summary>The file of a recording: all that was written is read, and what is none is said to be none.</summary>
public sealed class RecordingFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mmuemu-test").FullName;

    [Fact]
    public void All_that_is_written_is_read_again()
    {
        SampleRecording sample = new();

        Recording read = Read(sample.Bytes());

        SampleRecording.Text(read).ShouldBe(SampleRecording.Text(sample.Expected()));
        (read.IsCut, read.WholeBytes, read.Skipped.Count).ShouldBe((false, read.FileBytes, 0));
        read.Disk.Single(answer => answer.File?.Path == "/usr/lib/libc.so").File!.Content.ShouldBeNull();
        TapeFile.HashOf(read.Program).ShouldBe(read.Run.ProgramHash);
    }

    /// <summary>Version 1 has to be read for ever: this file is never written again.</summary>
    [Fact]
    public void The_sample_of_version_1_reads()
    {
        Recording read = RecordingReader.Read(Path.Combine(SourceTree.Root, "Tests", "Data", "recordings", "version-1.mmurec"));

        SampleRecording.Text(read).ShouldBe(SampleRecording.Text(new SampleRecording().Expected()));
        read.Remarks().ShouldHaveSingleItem().ShouldContain("was written by version 1.2.3");
    }

    [Fact]
    public void Cut_short_at_any_byte_it_reads_up_to_its_last_whole_chunk_and_says_so()
    {
        byte[] whole = new SampleRecording().Bytes();
        long last = 0;
        for (int length = 0; length < whole.Length; length++)
        {
            try
            {
                Recording read = Read(whole[..length]);
                read.IsCut.ShouldBeTrue();
                read.WholeBytes.ShouldBeInRange(last, length);
                read.FileBytes.ShouldBe(length);
                read.Remarks().ShouldContain($"'{SampleRecording.Name}' is cut short: it has {read.WholeBytes} whole bytes of {length}, and not the end of its run");
                last = read.WholeBytes;
            }
            catch (CommandException refused)
            {
                last.ShouldBe(0);
                refused.ExitCode.ShouldBe(ExitCodes.Usage);
                refused.Message.ShouldContain(length == 0 ? "is empty" : "cut short");
            }
        }

        last.ShouldBeGreaterThan(whole.Length / 2);
    }

    [Fact]
    public void Any_byte_that_is_another_is_noticed()
    {
        byte[] whole = new SampleRecording().Bytes();
        string right = SampleRecording.Text(Read(whole));
        for (int at = 0; at < whole.Length; at++)
        {
            byte[] changed = [.. whole];
            changed[at] ^= 0x40;

            CommandException refused = Should.Throw<CommandException>(() => Read(changed));
            (refused.ExitCode, refused.Hint).ShouldBe((ExitCodes.Usage, RecordingFile.MakeOne));
            refused.Message.ShouldContain(", found ");
        }

        SampleRecording.Text(Read(whole)).ShouldBe(right);
    }

    [Fact]
    public void A_newer_minor_version_may_hold_more_and_that_is_told()
    {
        byte[] whole = new SampleRecording().Bytes();
        int end = whole.Length - EndBytes(whole);
        byte[] more = HandMadeChunk.Of("NEWS", "what this version does not know"u8);

        Recording read = Read([.. HandMadeChunk.Header(RecordingFormat.Major, 9), .. whole[RecordingFormat.HeaderBytes..end], .. more, .. more, .. whole[end..]]);

        SampleRecording.Text(read).ShouldBe(SampleRecording.Text(new SampleRecording().Expected()));
        read.Remarks().ShouldContain($"'{SampleRecording.Name}' holds what this version does not know, and passes over: NEWS");
    }

    [Fact]
    public void A_newer_major_version_is_refused()
    {
        byte[] whole = new SampleRecording().Bytes();

        CommandException refused = Should.Throw<CommandException>(() => Read([.. HandMadeChunk.Header(2, 0), .. whole[RecordingFormat.HeaderBytes..]]));

        refused.Message.ShouldBe("'sample.mmurec' is of a newer format: expected version 1 of recordings, found 2");
        refused.Hint.ShouldContain("the version of mmuemu that wrote it");
    }

    [Fact]
    public void What_is_no_recording_is_said_to_be_none()
    {
        Message(() => Read("{\"schema\": 1}"u8.ToArray())).ShouldBe("'sample.mmurec' is no recording: expected 894d4d555245430a at its begin, found 7b22736368656d61");
        Message(() => Read([])).ShouldBe("'sample.mmurec' is empty; expected a recording");
        Message(() => RecordingReader.Read("")).ShouldContain("the name is empty");
        Message(() => RecordingReader.Read(_folder)).ShouldContain("it is a folder");
        Message(() => RecordingReader.Read(Path.Combine(_folder, "none"))).ShouldContain("cannot read");
    }

    [Fact]
    public void Bytes_behind_the_end_are_none_of_it()
    {
        Message(() => Read([.. new SampleRecording().Bytes(), 0])).ShouldContain("behind the chunk ENDS: expected the end of the file, found more");
    }

    [Fact]
    public void A_recording_is_written_over_an_older_one_and_over_nothing_else()
    {
        string file = Path.Combine(_folder, "run.mmurec");
        for (int time = 0; time < 2; time++)
        {
            using RecordingWriter writer = RecordingFile.Create(file);
            writer.Begin(SampleRecording.Run);
        }

        RecordingFile.IsRecording(file).ShouldBeTrue();
        RecordingReader.Read(file).IsCut.ShouldBeTrue();
        string text = Path.Combine(_folder, "thesis");
        File.WriteAllText(text, "years of work");
        Message(() => RecordingFile.Create(text)).ShouldContain("is there and is no recording");
        Message(() => RecordingFile.Create(_folder)).ShouldContain("it is a folder");
        File.ReadAllText(text).ShouldBe("years of work");
    }

    [Fact]
    public void A_full_disk_is_told_as_lost_output()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "/dev/full is not there");

        Should.Throw<OutputLostException>(() =>
        {
            using FileStream full = new("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            new RecordingWriter(full, "'/dev/full'").Begin(SampleRecording.Run);
        }).Message.ShouldContain("No space left");
    }

    /// <summary>What is noted while a run goes on is whole in the file before the run is over.</summary>
    [Fact]
    public void Each_flush_adds_only_what_is_new()
    {
        SampleRecording sample = new();
        MemoryStream file = new();
        using RecordingWriter writer = new(file, SampleRecording.Name);
        writer.Begin(SampleRecording.Run);
        writer.Flush(sample.Tapes);
        long once = file.Length;
        writer.Flush(sample.Tapes);
        file.Length.ShouldBe(once);

        sample.Tapes.Input.Streams.Output.Write("later"u8, out _);
        writer.Flush(sample.Tapes);

        Recording read = Read(file.ToArray());
        (file.Length - once).ShouldBeInRange(1, 100);
        read.Notes.Count.ShouldBe(sample.Tapes.Input.Notes.Count);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Recording Read(byte[] bytes) => RecordingReader.Read(new MemoryStream(bytes), SampleRecording.Name);

    private static string Message(Action act) => Should.Throw<CommandException>(act).Message;

    /// <summary>Bytes of the last chunk.</summary>
    private static int EndBytes(byte[] whole)
    {
        int at = RecordingFormat.HeaderBytes;
        while (true)
        {
            int length = RecordingFormat.ChunkHeaderBytes + (int)BinaryPrimitives.ReadUInt32LittleEndian(whole.AsSpan(at + 8));
            if (at + length == whole.Length)
            {
                return length;
            }

            at += length;
        }
    }
}
