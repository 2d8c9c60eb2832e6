using System.IO.Compression;
using MmuEmu.Debugger;
using MmuEmu.Debugger.Recordings;

namespace MmuEmu.Tests.Debugger.Recordings;

/// <summary>Whatever bytes a file has: a recording, or one message.</summary>
public sealed class RecordingFuzzTests
{
    private const int Files = 20_000;

    /// <summary>Half of them are damaged as they lie, half inside of chunks whose checksums are right again.</summary>
    [Fact]
    public void Damaged_files_are_read_or_refused_and_nothing_else_happens()
    {
        byte[] whole = new SampleRecording().Bytes();
        (uint Kind, byte[] Plain)[] chunks = [.. ChunksOf(whole)];
        Random random = new(20_260_101);
        (int read, int refused) = (0, 0);
        for (int number = 0; number < Files; number++)
        {
            byte[] file = number % 2 == 0 ? Damaged(random, whole) : Rebuilt(random, chunks);
            try
            {
                Recording recording = RecordingReader.Read(new MemoryStream(file), SampleRecording.Name);
                recording.Remarks().ToList().ForEach(line => line.ShouldNotBeEmpty());
                read++;
            }
            catch (CommandException said)
            {
                said.Message.ShouldStartWith("'sample.mmurec' is ", customMessage: $"file {number}");
                (said.ExitCode, said.Hint.Length).ShouldBe((ExitCodes.Usage, said.Hint.Length));
                refused++;
            }
        }

        (read > Files / 50, refused > Files / 2).ShouldBe((true, true), $"{read} read, {refused} refused");
    }

    [Fact]
    public void Lengths_and_counts_that_cannot_be_are_refused_before_room_is_made_for_them()
    {
        byte[] header = HandMadeChunk.Header(1, 0);
        byte[] run = RunChunkOf();
        byte[] absurd = [0xFF, 0xFF, 0xFF, 0xFF, 0x7F];

        Refused([.. header, .. HandMadeChunk.Of((uint)ChunkKind.Run, ChunkCoding.Brotli, [], uint.MaxValue)]).ShouldContain("a chunk of up to 33554432 bytes");
        Refused([.. header, .. HandMadeChunk.Of((uint)ChunkKind.Run, (ChunkCoding)7, [1], 2)]).ShouldContain("coding 0 or 1");
        Refused([.. header, .. HandMadeChunk.Of((uint)ChunkKind.Run, ChunkCoding.Plain, [1], 2)]).ShouldContain("stores 2 bytes");
        Refused([.. header, .. HandMadeChunk.Of("RUN ", absurd)]).ShouldContain("a number of bytes up to 0");
        Refused([.. header, .. run, .. HandMadeChunk.Of("DISK", [2, 0, 0, .. absurd])]).ShouldContain("a number of names up to 0");
        Refused([.. header, .. run, .. HandMadeChunk.Of("TAPE", [0, 0x08, 0, 0, 0, .. absurd, 0x08, 0, 0, 0, .. absurd])]).ShouldContain("a number of answers");
        Refused([.. header, .. run, .. run]).ShouldContain("expected one run, found a second one");
        Refused([.. header, .. HandMadeChunk.Of("TAPE", [0])]).ShouldContain("expected the chunk RUN first, found TAPE");
    }

    [Fact]
    public void A_chunk_that_unpacks_to_more_than_it_says_is_refused()
    {
        byte[] bomb = new byte[4096];
        BrotliEncoder.TryCompress(new byte[64 << 20], bomb, out int count, 9, 22).ShouldBeTrue();

        Refused([.. HandMadeChunk.Header(1, 0), .. HandMadeChunk.Of((uint)ChunkKind.Run, ChunkCoding.Brotli, bomb.AsSpan(0, count), 100_000)])
            .ShouldContain("expected 100000 bytes packed by Brotli");
    }

    /// <summary>Each of these chunks is allowed; all of them together would be more than a recording may hold.</summary>
    [Fact]
    public void Many_chunks_that_unpack_to_much_are_refused_together()
    {
        byte[] packed = new byte[4096];
        BrotliEncoder.TryCompress(new byte[RecordingFormat.MostChunkBytes], packed, out int count, 9, 22).ShouldBeTrue();
        byte[] segment = HandMadeChunk.Of((uint)ChunkKind.Segment, ChunkCoding.Brotli, packed.AsSpan(0, count), RecordingFormat.MostChunkBytes);
        MemoryStream file = new();
        file.Write(HandMadeChunk.Header(1, 0));
        file.Write(RunChunkOf());
        for (int i = 0; i < 20; i++)
        {
            file.Write(segment);
        }

        Refused(file.ToArray()).ShouldContain("at most 536870912 bytes in all");
    }

    private static byte[] RunChunkOf()
    {
        ChunkWriter chunk = new();
        RunChunk.Write(chunk, SampleRecording.Run);
        return HandMadeChunk.Of("RUN ", chunk.Bytes);
    }

    private static string Refused(byte[] file) => Should.Throw<CommandException>(() => RecordingReader.Read(new MemoryStream(file), SampleRecording.Name)).Message;

    private static byte[] Damaged(Random random, byte[] whole)
    {
        byte[] file = [.. whole];
        Damage(random, file);
        return random.Next(4) switch
        {
            0 => file[..random.Next(file.Length)],
            1 => [.. file[..random.Next(file.Length)], .. whole[random.Next(whole.Length)..]],
            _ => file,
        };
    }

    private static byte[] Rebuilt(Random random, (uint Kind, byte[] Plain)[] chunks)
    {
        MemoryStream file = new();
        file.Write(HandMadeChunk.Header(1, 0));
        int damaged = random.Next(chunks.Length);
        for (int i = 0; i < chunks.Length; i++)
        {
            byte[] plain = [.. chunks[i].Plain];
            if (i == damaged)
            {
                Damage(random, plain);
                plain = random.Next(3) == 0 ? plain[..random.Next(plain.Length + 1)] : plain;
            }

            file.Write(HandMadeChunk.Of(chunks[i].Kind, ChunkCoding.Plain, plain, (uint)plain.Length));
        }

        return file.ToArray();
    }

    private static void Damage(Random random, byte[] bytes)
    {
        for (int times = random.Next(1, 5); times > 0 && bytes.Length > 0; times--)
        {
            int at = random.Next(bytes.Length);
            bytes[at] = random.Next(3) switch
            {
                0 => (byte)random.Next(256),
                1 => (byte)(bytes[at] ^ (1 << random.Next(8))),
                _ => (byte)(random.Next(2) == 0 ? 0xFF : 0),
            };
        }
    }

    private static IEnumerable<(uint Kind, byte[] Plain)> ChunksOf(byte[] whole)
    {
        for (int at = RecordingFormat.HeaderBytes; at < whole.Length;)
        {
            ChunkHeader header = ChunkHeader.Read(whole.AsSpan(at, RecordingFormat.ChunkHeaderBytes));
            byte[] stored = whole.AsSpan(at + RecordingFormat.ChunkHeaderBytes, (int)header.StoredBytes).ToArray();
            byte[] plain = new byte[header.PlainBytes];
            if (header.Coding == ChunkCoding.Brotli)
            {
                BrotliDecoder.TryDecompress(stored, plain, out _).ShouldBeTrue();
            }
            else
            {
                stored.CopyTo(plain, 0);
            }

            yield return (header.Kind, plain);
            at += RecordingFormat.ChunkHeaderBytes + stored.Length;
        }
    }
}
